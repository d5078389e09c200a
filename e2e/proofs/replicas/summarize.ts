import { percentile, toTable } from '../../bench/measure.ts';
import type { Sample } from './load.ts';

/** How many requests of each kind were sent, how many failed, and how long they took. */
export const summarize = (samples: readonly Sample[]): string => {
  const kinds = [...new Set(samples.map(({ kind }) => kind))].toSorted();
  const rowOf = (name: string, own: readonly Sample[]): string[] => {
    const times = own.map(({ ms }) => ms);
    return [
      name,
      String(own.length),
      String(own.filter(({ error }) => error !== null).length),
      percentile(times, 0.5).toFixed(0),
      percentile(times, 0.99).toFixed(0),
      percentile(times, 1).toFixed(0),
    ];
  };
  return toTable([
    ['', 'sent', 'failed', 'p50 ms', 'p99 ms', 'slowest ms'],
    ...kinds.map((name) =>
      rowOf(
        name,
        samples.filter(({ kind }) => kind === name),
      ),
    ),
    rowOf('all', samples),
  ]);
};
