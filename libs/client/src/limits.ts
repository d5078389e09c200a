/** The limits of a client. Each can be set in `makeShopClient({ limits })`. */
export type ClientLimits = {
  /** How long a call may take, with its retries, in milliseconds. */
  readonly deadlineMs: number;
  /** How often a request is sent again, at most. */
  readonly maxRetries: number;
  /** The longest wait before a request is sent again; a server that asks for more gets no retry. */
  readonly maxRetryWaitMs: number;
  /** The wait before the first retry where the server says nothing; it doubles each time. */
  readonly firstRetryWaitMs: number;
  /** The longest URL of a GET, in characters: a longer request is a POST. */
  readonly maxUrlLength: number;
};

/** What holds if nothing is set. */
export const DEFAULT_LIMITS: ClientLimits = {
  deadlineMs: 30_000,
  maxRetries: 3,
  maxRetryWaitMs: 10_000,
  firstRetryWaitMs: 250,
  maxUrlLength: 8_000,
};

/** The longest timer of browsers and Node: a longer one would end at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Completes limits with the default values.
 * @throws RangeError that names a limit that is not a whole number from 0 (of times: from 1) upwards
 */
export const readLimits = (given: Partial<ClientLimits> = {}): ClientLimits => {
  const limits = { ...DEFAULT_LIMITS, ...given };
  for (const [name, value] of Object.entries(limits)) {
    const least = name === 'deadlineMs' ? 1 : 0;
    if (!Number.isInteger(value) || value < least || value > MAX_TIMER_MS) {
      throw new RangeError(`${name} must be a whole number from ${least} to ${MAX_TIMER_MS}`);
    }
  }
  return limits;
};
