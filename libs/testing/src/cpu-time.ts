import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** The CPU time of this process during one run of `task`, in milliseconds. */
const measure = async (task: () => unknown): Promise<number> => {
  const before = process.cpuUsage();
  await task();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

/**
 * The least CPU time of this process in several runs of `task`, in milliseconds: the process does
 * other work too. Wall-clock time would need an idle machine.
 */
export const cpuOf = async (task: () => unknown, times = 5): Promise<number> => {
  let least = Infinity;
  for (let index = 0; index < times; index += 1) least = Math.min(least, await measure(task));
  return least;
};

/** How often a task is tried, and the pause after the first tries, in milliseconds. */
const TRIES = 40;
const TRIES_WITHOUT_PAUSE = 5;
const PAUSE_MS = 200;

/** No further try is made once the tries have cost this many times `enough`. */
const MAX_TOTAL = 40;

/**
 * The least CPU time of this process in runs of `task`, in milliseconds. The garbage collector and
 * other users of the machine multiply it for some seconds: a task that seems to cost too much is
 * tried again after a pause.
 * @param enough a cost below which no other try is made
 */
export const leastCpuMs = async (task: () => unknown, enough: number): Promise<number> => {
  let least = Infinity;
  let total = 0;
  for (let tried = 0; tried < TRIES && least >= enough; tried += 1) {
    if (tried >= TRIES_WITHOUT_PAUSE) await sleep(PAUSE_MS);
    const cost = await measure(task);
    least = Math.min(least, cost);
    total += cost;
    if (total > MAX_TOTAL * enough) break;
  }
  return least;
};

/** What the reference task costs on the machine that limits are meant for, in milliseconds. */
const REFERENCE_MS = 20;

/**
 * How many times as much CPU time as there the same work takes here and now, at least 1: two busy
 * threads of one core take about half as much again each. Limits in milliseconds are multiplied by it.
 */
export const slownessOfMachine = async (): Promise<number> => {
  const items = Array.from({ length: 50_000 }, (_, id) => ({
    id: `${id}`,
    name: 'x'.repeat(id % 20),
  }));
  const text = JSON.stringify(items);
  const reference = () => {
    JSON.parse(text);
    hash('sha256', text);
  };
  return Math.max(1, (await cpuOf(reference)) / REFERENCE_MS);
};
