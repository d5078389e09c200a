import { setTimeout as sleep } from 'node:timers/promises';

/** How often a task is tried, and how long it is left alone after the first tries, in milliseconds. */
const TRIES = 40;
const HASTY_TRIES = 5;
const PAUSE_MS = 200;

/** What so many times what is enough was spent on is no accident: it is not measured again. */
const HOPELESS = 40;

/**
 * The least CPU time of this process while a task was under way, in milliseconds. The garbage
 * collector and a machine that is shared add to it, by several times for some seconds: a task that
 * seems to cost too much is tried again after a while, so that no quiet machine is needed.
 * @param enough a cost below which no other try is made
 */
export const leastCpuMs = async (task: () => unknown, enough: number): Promise<number> => {
  let least = Infinity;
  let spent = 0;
  for (let tried = 0; tried < TRIES && least >= enough; tried += 1) {
    if (tried >= HASTY_TRIES) await sleep(PAUSE_MS);
    const start = process.cpuUsage();
    await task();
    const { user, system } = process.cpuUsage(start);
    const cost = (user + system) / 1_000;
    least = Math.min(least, cost);
    spent += cost;
    if (spent > HOPELESS * enough) break;
  }
  return least;
};
