import { startDeadline, waitWithin, type Deadline } from './deadline.ts';
import { judgeResponse, type Expectation, type OnErrors } from './judge-response.ts';
import type { ClientLimits } from './limits.ts';
import type { Session } from './make-session.ts';
import type { Transport } from './make-transport.ts';
import { retry, type Attempt } from './retry.ts';
import type { Incoming } from './send-request.ts';
import type { StoredSession } from './session-store.ts';
import { ShopClientError, type GraphError } from './shop-client-error.ts';

/** What may be set for one call. */
export type CallOptions = {
  /** Ends the call: it rejects with the signal's reason. The shop may still do what was asked. */
  readonly signal?: AbortSignal;
  /** How long the call may take, with its retries, in milliseconds. */
  readonly deadlineMs?: number;
};

/** One call of the graph. */
export type Call<Data, Value> = Expectation<Data, Value> & {
  readonly variables: object;
  /** Sent with the customer's token, and repeated with the next one when it is refused. */
  readonly isSignedIn: boolean;
  /** Whether caches may answer it. */
  readonly isPublic?: boolean;
  /** True for a response that no cache has stored. */
  readonly isFresh?: boolean;
  readonly idempotencyKey?: string;
  /** Whether the data show that the shop did not accept the token: some fields are null then. */
  readonly hasNoViewer?: (data: Data) => boolean;
  readonly options: CallOptions;
  /** The end of the call, if its time has started before; else its options say it. */
  readonly deadline?: Deadline;
};

/**
 * Executes a call.
 * @returns what it picked; null when the shop says that there is no such thing
 * @throws ShopClientError, or the reason of the caller's signal
 */
export type Caller = <Data, Value>(call: Call<Data, Value>) => Promise<Value | null>;

/** Starts the time of a call. */
export const startCall = (options: CallOptions, limits: ClientLimits): Deadline =>
  startDeadline(options.deadlineMs ?? limits.deadlineMs, options.signal);

const isUnauthenticated = ({ extensions }: GraphError): boolean =>
  extensions?.code === 'UNAUTHENTICATED';

/** Whether the shop did not accept the token of a request. */
const refusesToken = <Data, Value>(
  { data, errors }: Incoming,
  { hasNoViewer }: Call<Data, Value>,
): boolean =>
  errors.some(isUnauthenticated) ||
  (errors.length === 0 && Boolean(data && hasNoViewer?.(data as Data)));

const nameKey = (error: unknown, idempotencyKey: string | undefined): unknown =>
  error instanceof ShopClientError && idempotencyKey !== undefined
    ? error.withIdempotencyKey(idempotencyKey)
    : error;

/** Makes the function that executes calls: within their deadline, with retries and the session. */
export const makeCaller = ({
  send,
  findSession,
  limits,
  onErrors,
}: {
  readonly send: Transport;
  readonly findSession: () => Session;
  readonly limits: ClientLimits;
  readonly onErrors: OnErrors;
}): Caller => {
  const execute = async <Data, Value>(call: Call<Data, Value>): Promise<Value | null> => {
    const { operation, variables, isPublic = false, isFresh = false, options } = call;
    const deadline = call.deadline ?? startCall(options, limits);
    const { signal } = deadline;
    const session = findSession();
    let signedIn: StoredSession | null = call.isSignedIn
      ? await waitWithin(signal, session.current())
      : null;
    let mayReplace = true;

    const attempt = async (): Promise<Attempt<Value | null>> => {
      const accessToken = signedIn?.accessToken ?? null;
      const request = { operation, variables, accessToken, isPublic, isFresh, signal };
      const response = await send(request);
      if (!signedIn || !mayReplace || !refusesToken(response, call)) {
        return judgeResponse(response, call, onErrors);
      }
      // What needs an account was not done, so the whole request can be sent again.
      mayReplace = false;
      signedIn = await waitWithin(signal, session.replace(signedIn));
      return attempt();
    };

    return retry(attempt, limits, deadline);
  };

  return (call) =>
    execute(call).catch((error: unknown) => {
      throw nameKey(error, call.idempotencyKey);
    });
};
