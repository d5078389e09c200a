import type { Operation } from './operation.ts';
import type { Attempt } from './retry.ts';
import { NO_RESPONSE, type Incoming } from './send-request.ts';
import { ShopClientError, type GraphError } from './shop-client-error.ts';

/** What is done about the errors of a response that has the data all the same. */
export type OnErrors = (errors: readonly GraphError[], operation: string | null) => void;

/** What decides how a response is understood. */
export type Expectation<Data, Value> = {
  readonly operation: Operation;
  /** What the caller needs of the data; null when the shop did not return it. */
  readonly pick: (data: Data) => Value | null | undefined;
  /** Whether it can be sent twice without harm: a query, or a mutation with an idempotency key. */
  readonly isRepeatable: boolean;
};

/** Statuses that a proxy or a router has, and that pass. */
const PASSING: ReadonlySet<number> = new Set([NO_RESPONSE, 429, 502, 503, 504]);

/** Statuses of requests that were rejected, not executed, if they say when to come back. */
const REJECTED: ReadonlySet<number> = new Set([429, 503]);

const IN_FLIGHT = 'RequestInFlightProblem';

const toMs = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1_000);

/** When the shop wants the request again: as the header says, else as an error does. */
const waitOf = ({ errors, retryAfterSeconds }: Incoming): number | null => {
  const seconds = errors.map(({ extensions }) => extensions?.retryAfterSeconds);
  return retryAfterSeconds ?? seconds.find((each) => typeof each === 'number') ?? null;
};

const toError = (response: Incoming): ShopClientError => {
  const { status, errors, requestId, cause } = response;
  if (status === NO_RESPONSE) {
    return new ShopClientError('NETWORK', 'the shop could not be reached', { cause });
  }
  const [first] = errors;
  const code = first?.extensions?.code ?? 'BAD_RESPONSE';
  const message = first?.message ?? `the shop answered ${status} without data or errors`;
  const details = { status, errors, requestId, retryAfterSeconds: waitOf(response) };
  return new ShopClientError(code, message, details);
};

/** Whether the errors are all that there is to the response. */
const isEmpty = (data: object, errors: readonly GraphError[]): boolean =>
  errors.length > 0 && Object.values(data).every((value) => value === null);

const fail = (error: unknown): never => {
  throw error;
};

/** When to repeat a request whose key is in use, if that is the result. */
const secondsInFlight = (value: unknown): number | null => {
  const result = value as { readonly __typename?: unknown; readonly retryAfterSeconds?: unknown };
  return result.__typename === IN_FLIGHT && typeof result.retryAfterSeconds === 'number'
    ? result.retryAfterSeconds
    : null;
};

/**
 * Decides whether a response is the end of a call, or the request is sent again. A request that cannot
 * be repeated is sent again only when the shop says that it rejected it, and when to return.
 * @throws ShopClientError when another attempt would not help
 */
export const judgeResponse = <Data, Value>(
  response: Incoming,
  { operation, pick, isRepeatable }: Expectation<Data, Value>,
  onErrors: OnErrors,
): Attempt<Value | null> => {
  const { data, errors, status, retryAfterSeconds } = response;
  const value = data && !isEmpty(data, errors) ? (pick(data as Data) ?? null) : null;
  if (value !== null) {
    const seconds = isRepeatable ? secondsInFlight(value) : null;
    if (seconds !== null) return { kind: 'again', afterMs: toMs(seconds), giveUp: () => value };
    if (errors.length > 0) onErrors(errors, operation.name);
    return { kind: 'done', value };
  }
  if (errors.length === 0 && data) return { kind: 'done', value };
  const error = toError(response);
  const passes = isRepeatable
    ? PASSING.has(status) || error.code === 'UNAVAILABLE'
    : REJECTED.has(status) && retryAfterSeconds !== null;
  if (!passes) throw error;
  return { kind: 'again', afterMs: toMs(waitOf(response)), giveUp: () => fail(error) };
};
