import { EXIT } from './command-failure.ts';

/** Ctrl-C in `npm run` reaches a process twice, from the terminal and from npm. */
const SAME_KEY_MS = 1_000;

/** Aborts a signal on SIGINT or SIGTERM, so that a command can stop cleanly; a second one exits. */
export const listenForInterrupt = (): {
  readonly signal: AbortSignal;
  readonly close: () => void;
} => {
  const controller = new AbortController();
  let abortedAt = 0;
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      if (Date.now() - abortedAt > SAME_KEY_MS) process.exit(EXIT.stopped);
      return;
    }
    abortedAt = Date.now();
    controller.abort();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    close: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
};
