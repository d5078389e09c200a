import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Pool, type PoolClient, type PoolConfig } from 'pg';
import { currentSignal, orAborted } from '@cartograph/resilience';
import { endAfterWaiting, KEEP_ALIVE } from './open-pool.ts';

/** How long a request waits for a connection: the pool is full, or the database does not answer. */
const CONNECT_TIMEOUT_MS = 10_000;

/** A statement that was sent a moment ago may not have begun: it is cancelled again until it ends. */
const CANCEL_EVERY_MS = 500;

/** After so many tries its connection is closed: the server, or the way there, is gone. */
const CANCEL_TRIES = 6;

/** How long one try may take. */
const CANCEL_TIMEOUT_MS = 2_000;

/** The parts of pg's connection that a request to cancel needs; pg has no types for them. */
type CancelConnection = NodeJS.EventEmitter & {
  readonly ssl: unknown;
  readonly sslNegotiation?: string;
  readonly stream: { readonly destroy: () => void };
  readonly connect: (port: number | string, host?: string) => void;
  readonly requestSsl: () => void;
  readonly cancel: (processId: number, secretKey: number) => void;
};

type Backend = { readonly processID: number; readonly secretKey: number };

/**
 * Asks Postgres to cancel what a connection executes, as its protocol has it: over a connection of its
 * own, without a sign-in, which also finds its way through a pooler. pg's `client.cancel` has no TLS.
 * Postgres closes that connection when it has sent the signal, and ignores it when nothing is executed.
 */
const requestCancel = (config: PoolConfig, { processID, secretKey }: Backend): Promise<void> => {
  const canceller = new Client(config);
  const { connection } = canceller as unknown as { readonly connection: CancelConnection };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const send = (): void => connection.cancel(processID, secretKey);
  connection.on('connect', () => {
    if (!connection.ssl) send();
    else if (connection.sslNegotiation !== 'direct') connection.requestSsl();
  });
  connection.on('sslconnect', send);
  connection.on('error', reject);
  connection.on('end', resolve);
  const timer = setTimeout(
    () => reject(new Error('Postgres did not answer a request to cancel')),
    CANCEL_TIMEOUT_MS,
  );
  const { host, port } = canceller;
  if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
  else connection.connect(port, host);
  return promise.finally(() => {
    clearTimeout(timer);
    connection.stream.destroy();
  });
};

/** Cancels what a connection executes, until `ended` says that it does nothing. */
const cancelUntil = async (
  ended: Promise<unknown>,
  config: PoolConfig,
  backend: Backend,
  onFailure: (error: unknown) => void,
): Promise<'ended' | 'executing'> => {
  const isOver = ended.then(() => 'ended' as const);
  for (let tried = 0; tried < CANCEL_TRIES; tried += 1) {
    await requestCancel(config, backend).catch(onFailure);
    const timer = new AbortController();
    const waited = sleep(CANCEL_EVERY_MS, 'executing' as const, { signal: timer.signal });
    const state = await Promise.race([isOver, waited]);
    timer.abort();
    waited.catch(() => {}); // It was told to stop.
    if (state === 'ended') return state;
  }
  return 'executing';
};

type Query = (...query: readonly unknown[]) => Promise<unknown>;

/**
 * Makes a pool whose statements are cancelled with the request that they are for: each that is sent by
 * `pool.query` within runRequest. Those of a transaction (`pool.connect`), of runToCompletion and of work
 * outside of a request run to their end.
 * A connection goes back to the pool when Postgres has been asked to cancel and its statement has ended:
 * no later statement is taken for it.
 * @param onFailure is told of connections that are lost, and of requests to cancel that fail
 */
export const makeCancellablePool = (
  config: PoolConfig,
  onFailure: (error: unknown) => void,
): Pool => {
  const pool = endAfterWaiting(
    new Pool({ ...KEEP_ALIVE, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, ...config }),
  );
  pool.on('error', onFailure);
  // One that is lost in a transaction's hands, too, would end the process if nobody listened.
  pool.on('connect', (client) => client.on('error', onFailure));
  const queryToCompletion = pool.query.bind(pool) as unknown as Query;

  const connect = async (signal: AbortSignal): Promise<PoolClient> => {
    const connecting = pool.connect();
    return orAborted(connecting, signal).catch((error: unknown) => {
      // The connection that was waited for comes, or does not, when nobody needs it.
      connecting.then((late) => late.release(), onFailureToConnect);
      throw error;
    });
  };
  /** Whoever waits for a connection is told that there is none; nobody does any more. */
  const onFailureToConnect = (): void => {};

  const queryUntil = async (signal: AbortSignal, query: readonly unknown[]): Promise<unknown> => {
    signal.throwIfAborted();
    const client = await connect(signal);
    let isOver = false;
    const running = (client.query.bind(client) as unknown as Query)(...query);
    const outcome = running.then(
      () => undefined,
      (error: Error) => error,
    );
    void outcome.then(() => {
      isOver = true;
    });
    const release = (failure?: Error | boolean): void => client.release(failure);
    try {
      return await orAborted(running, signal);
    } finally {
      if (signal.aborted && !isOver) {
        const backend = client as unknown as Backend;
        void cancelUntil(outcome, config, backend, onFailure).then((state) =>
          release(state === 'executing'),
        );
      } else {
        // As the pool does it: a connection on which anything failed is not used again.
        release(await outcome);
      }
    }
  };

  const query: Query = (...given) => {
    const signal = currentSignal();
    return signal ? queryUntil(signal, given) : queryToCompletion(...given);
  };
  return Object.assign(pool, { query: query as unknown as Pool['query'] });
};
