/** A call on its way between two services. */
export type DelayedCall = {
  /** Resolves when the caller has sent it. */
  readonly sent: Promise<void>;
  /** Lets it reach the callee. Its caller may be gone by then. */
  readonly forward: () => void;
};

type Delay = DelayedCall & {
  readonly operation: RegExp;
  readonly arrive: () => void;
  readonly forwarded: Promise<void>;
};

/** Delays calls between services for as long as a proof wants. */
export const makeCallDelays = () => {
  const delays = new Set<Delay>();
  return {
    /** Delays the next call of an operation of this name. */
    delayNext: (operation: RegExp): DelayedCall => {
      const { promise: sent, resolve: arrive } = Promise.withResolvers<void>();
      const { promise: forwarded, resolve: forward } = Promise.withResolvers<void>();
      delays.add({ operation, sent, arrive, forwarded, forward });
      return { sent, forward };
    },
    /** Resolves when a call may go on. */
    pass: async (operation: string): Promise<void> => {
      const delay = [...delays].find((one) => one.operation.test(operation));
      if (!delay) return;
      delays.delete(delay);
      delay.arrive();
      await delay.forwarded;
    },
  };
};
