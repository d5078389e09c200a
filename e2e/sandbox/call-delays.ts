/** A call on its way between two services: its caller has lost the connection. */
export type DelayedCall = {
  /** Resolves when the caller has sent it. */
  readonly sent: Promise<void>;
  /** Lets it reach the callee. */
  readonly forward: () => void;
};

type Delay = DelayedCall & {
  readonly operation: RegExp;
  readonly arrive: () => void;
  readonly forwarded: Promise<void>;
  isSent: boolean;
};

/** Delays calls between services for as long as a proof wants. */
export const makeCallDelays = () => {
  const delays = new Set<Delay>();
  return {
    /**
     * Delays the next call of an operation of this name. Its caller loses the connection, and so do its
     * repeats, which never arrive, until the delayed call is forwarded.
     */
    delayNext: (operation: RegExp): DelayedCall => {
      const { promise: sent, resolve: arrive } = Promise.withResolvers<void>();
      const { promise: forwarded, resolve: forward } = Promise.withResolvers<void>();
      const delay: Delay = {
        operation,
        sent,
        arrive,
        forwarded,
        forward: () => {
          delays.delete(delay);
          forward();
        },
        isSent: false,
      };
      delays.add(delay);
      return delay;
    },

    /** @returns when the call is forwarded, or that it is lost; null for a call that is not delayed */
    findDelay: (operation: string): Promise<'forwarded'> | 'lost' | null => {
      const delay = [...delays].find((one) => one.operation.test(operation));
      if (!delay) return null;
      if (delay.isSent) return 'lost';
      delay.isSent = true;
      delay.arrive();
      return delay.forwarded.then(() => 'forwarded' as const);
    },
  };
};
