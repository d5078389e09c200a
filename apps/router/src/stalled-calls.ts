import { makeRejectionCounter } from '@cartograph/resilience';

/** A call has stalled when it has no response after so long. */
const STALLED_MS = 1_000;

/** While so many calls of a subgraph have stalled, no other is sent to it. */
export const MAX_STALLED_CALLS = 64;

/** The calls of one subgraph that are in progress. */
export type StalledCalls = {
  /** @returns what is called when the call has ended; null, and counted, when the call must not be sent */
  readonly begin: () => (() => void) | null;
};

/**
 * Limits the calls of one subgraph that stall. Each stalled call keeps a request, its memory and a
 * connection until the request's deadline, so a subgraph that hangs would soon keep all that the router may
 * work on, and with it the requests that don't need it. Calls that are answered in time are not limited here.
 * @param service the name of the subgraph, for metrics
 */
export const makeStalledCalls = (service: string): StalledCalls => {
  const countRejected = makeRejectionCounter(service, ['stalled']);
  /** When each call began, by its time. */
  const calls = new Map<symbol, number>();

  /** Whether the last of the oldest calls, as many as may stall, has stalled. */
  const areTooMany = (): boolean => {
    if (calls.size < MAX_STALLED_CALLS) return false;
    let count = 0;
    for (const begunAt of calls.values()) {
      count += 1;
      if (count === MAX_STALLED_CALLS) return performance.now() - begunAt >= STALLED_MS;
    }
    return false;
  };

  return {
    begin: () => {
      if (areTooMany()) {
        countRejected('stalled');
        return null;
      }
      const call = Symbol('call');
      calls.set(call, performance.now());
      return () => void calls.delete(call);
    },
  };
};
