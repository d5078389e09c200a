/** Ctrl-C in `npm run` reaches a process twice, once from the terminal and once from npm. */
const SAME_KEY_MS = 1_000;

/** Lets a command end well when it is asked to. Whoever asks again does not wait. */
export const listenForInterrupt = (): { readonly signal: AbortSignal; close: () => void } => {
  const controller = new AbortController();
  let asked = 0;
  const onSignal = (): void => {
    if (controller.signal.aborted && Date.now() - asked > SAME_KEY_MS) process.exit(3);
    if (!controller.signal.aborted) asked = Date.now();
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
