/** A value that a process exports. */
export type MetricSample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/** `name value` or `name{label="value",...} value`, with a timestamp or without. */
const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: -?\d+)?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPED = /\\(.)/g;

const unescape = (text: string): string =>
  text.replaceAll(ESCAPED, (_, mark: string) => (mark === 'n' ? '\n' : mark));

const parseLabels = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, unescape(value)]),
  );

const parseValue = (text: string): number => (text === '+Inf' ? Infinity : Number(text));

/**
 * Parses Prometheus's text format.
 * @param wanted names of samples: all others are skipped, since a process exports hundreds
 */
export const parseMetrics = (
  text: string,
  wanted: ReadonlySet<string>,
): readonly MetricSample[] => {
  const samples: MetricSample[] = [];
  for (const line of text.split('\n')) {
    const end = line.search(/[{ ]/);
    if (end < 1 || !wanted.has(line.slice(0, end))) continue;
    const [, name, labels = '', value = ''] = LINE.exec(line) ?? [];
    if (name === undefined) continue;
    samples.push({ name, labels: parseLabels(labels), value: parseValue(value) });
  }
  return samples;
};
