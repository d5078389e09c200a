import { setTimeout as sleep } from 'node:timers/promises';

const BETWEEN_MS = 100;
const ANSWER_MS = 2_000;

/** Something that answers 200 at its URL once it can serve. */
export interface ReadyTarget {
  readonly name: string;
  readonly url: string;
}

/**
 * Asks each target until all have answered 200.
 * @param options.isHopeless ends the wait early for a target that will never be ready
 * @returns the names of those that are not ready; none when all is well
 * @throws the signal's reason, when it is aborted
 */
export async function waitForReady(options: {
  readonly targets: readonly ReadyTarget[];
  readonly timeoutMs: number;
  readonly isHopeless: (name: string) => boolean;
  readonly signal: AbortSignal;
}): Promise<string[]> {
  const deadline = Date.now() + options.timeoutMs;
  let waiting = options.targets;
  for (;;) {
    const answers = await Promise.all(waiting.map(({ url }) => isReady(url)));
    options.signal.throwIfAborted();
    waiting = waiting.filter((_, index) => !answers[index]);
    const over = Date.now() > deadline || waiting.some(({ name }) => options.isHopeless(name));
    if (waiting.length === 0 || over) return waiting.map(({ name }) => name);
    await sleep(BETWEEN_MS, undefined, { signal: options.signal });
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}
