import { createHash } from 'node:crypto';

/** Whether a promise of the shop held, and what is printed about it. */
export type Outcome = { readonly held: boolean; readonly report: string };

/** As many faults as a report lists. */
const MAX_LISTED = 20;

/** The outcome of a proof: it held when there are no faults. */
export const toOutcome = (summary: string, faults: readonly string[]) => ({
  held: faults.length === 0,
  report: [`${summary}; ${faults.length} faults`, ...faults.slice(0, MAX_LISTED)].join('\n'),
  faults,
});

/** A number from 0 up to, not including, 1, which follows from the seed and the name. */
export const draw = (seed: string | number, name: string | number): number =>
  createHash('sha256').update(`${seed}\n${name}`).digest().readUInt32BE(0) / 2 ** 32;

/** Does `work` for all tasks: each worker does one task at a time. */
export const share = async <Worker, Task>(
  workers: readonly Worker[],
  tasks: readonly Task[],
  work: (worker: Worker, task: Task, index: number) => Promise<void>,
): Promise<void> => {
  const left = [...tasks.entries()];
  await Promise.all(
    workers.map(async (worker) => {
      for (let next = left.shift(); next; next = left.shift()) await work(worker, next[1], next[0]);
    }),
  );
};

/** Does `work` for all values, some of them at the same time. */
export const forAll = <Value>(
  values: readonly Value[],
  work: (value: Value, index: number) => Promise<void>,
): Promise<void> => share(Array(20).fill(null), values, (_, value, index) => work(value, index));
