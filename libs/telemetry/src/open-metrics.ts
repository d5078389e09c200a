/** The media type of OpenMetrics 1.0. */
export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

const METADATA = /^# (HELP|TYPE) (\S+) (.*)$/;
const COUNTER = /^# TYPE (\S+)_total counter$/gm;

/** A bound that is a whole number. */
const WHOLE_BOUND = /,le="(\d+)"\} /;

/**
 * Rewrites the metrics of a process, from Prometheus's text format to that of OpenMetrics 1.0, the only one
 * with exemplars. There, a counter's metadata is without `_total`, quotes in a help text are escaped, the bound of
 * a bucket is a number with a point, nothing is an empty line or a comment, and the last line is `# EOF`. A unit
 * must be a part of the name, which it is not here: those lines are left out.
 * @param text what OpenTelemetry's serializer wrote
 * @param findExemplar the exemplar of a line, if it has one
 */
export const toOpenMetrics = (
  text: string,
  findExemplar: (sample: string) => string | undefined,
): string => {
  const counters = new Set([...text.matchAll(COUNTER)].map(([, name]) => `${name}_total`));
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (!line.startsWith('#')) {
      const exemplar = findExemplar(line);
      const sample = line.replace(WHOLE_BOUND, ',le="$1.0"} ');
      lines.push(exemplar === undefined ? sample : `${sample} # ${exemplar}`);
      continue;
    }
    const [, kind, name = '', rest = ''] = METADATA.exec(line) ?? [];
    if (kind === undefined) continue;
    const family = counters.has(name) ? name.slice(0, -'_total'.length) : name;
    lines.push(`# ${kind} ${family} ${kind === 'HELP' ? rest.replaceAll('"', '\\"') : rest}`);
  }
  return [...lines, '# EOF', ''].join('\n');
};
