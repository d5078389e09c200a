/** A metric of one process: the labels of each of its samples. */
export type ExportedMetric = {
  readonly name: string;
  readonly type: string;
  readonly unit: string;
  readonly samples: readonly Readonly<Record<string, string>>[];
};

const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Labels of every sample: its scope, and the boundary of a bucket. */
const COMMON = new Set(['otel_scope_name', 'otel_scope_version', 'le']);

const labelsOf = (sample: string): Record<string, string> =>
  Object.fromEntries(
    [...sample.matchAll(LABEL)]
      .map(([, label = '', value = '']) => [label, value] as const)
      .filter(([label]) => !COMMON.has(label)),
  );

/** Parses Prometheus's text format: a metric begins with its HELP, and has its samples below. */
const parse = (text: string): ExportedMetric[] =>
  text
    .split(/^# HELP /m)
    .slice(1)
    .map((block) => {
      const lines = block.split('\n');
      const name = lines[0]?.split(' ')[0] ?? '';
      const wordsOf = (kind: string) =>
        lines.find((line) => line.startsWith(`# ${kind} `))?.split(' ')[3] ?? '';
      return {
        name,
        type: wordsOf('TYPE'),
        unit: wordsOf('UNIT'),
        samples: lines
          .slice(1)
          .filter((line) => line !== '' && !line.startsWith('#'))
          .map(labelsOf),
      };
    });

/** The texts that all processes of the shop export. */
export const scrapeAll = (): Promise<string[]> =>
  Promise.all(
    (process.env['E2E_METRICS_PORTS'] ?? '')
      .split(',')
      .map(async (port) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
  );

/** The metrics of each process by its name, without the one that only says which process it is. */
export const readMetrics = async (): Promise<ReadonlyMap<string, readonly ExportedMetric[]>> =>
  new Map(
    (await scrapeAll()).map((text) => {
      const [, app = ''] = /service_name="cartograph-(\w+)"/.exec(text) ?? [];
      return [app, parse(text).filter(({ name }) => name !== 'target_info')];
    }),
  );
