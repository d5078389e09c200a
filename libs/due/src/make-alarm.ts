/** Ends the pause of a loop early. */
export type Alarm = {
  /** Ends the current pause, or the next one if there is none. */
  readonly ring: () => void;
  /** Forgets that it rang. */
  readonly reset: () => void;
  /** Waits until it rings, for `pauseMs` at most. */
  readonly wait: (pauseMs: number) => Promise<void>;
};

/** Makes an alarm that has not rung. */
export const makeAlarm = (): Alarm => {
  let hasRung = false;
  let end = (): void => undefined;
  return {
    ring: () => {
      hasRung = true;
      end();
    },
    reset: () => {
      hasRung = false;
    },
    wait: async (pauseMs) => {
      if (hasRung) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, pauseMs);
      end = resolve;
      await promise;
      clearTimeout(timer);
    },
  };
};
