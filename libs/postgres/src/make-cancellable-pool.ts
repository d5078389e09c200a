import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Pool, type PoolClient, type PoolConfig } from 'pg';
import { currentSignal, orAborted } from '@cartograph/resilience';
import { endAfterWaiting, KEEP_ALIVE } from './open-pool.ts';

/** How long a request waits for a connection, when the pool is full or the database unreachable. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Postgres ignores the request while the statement has not begun: it is repeated until it ends. */
const CANCEL_EVERY_MS = 500;

/** After so many attempts the connection is closed: the server is unreachable. */
const CANCEL_ATTEMPTS = 6;

/** The timeout of one attempt. */
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
 * Sends Postgres a CancelRequest (PostgreSQL documentation, "Canceling Requests in Progress") for the
 * statement of a connection: over a connection of its own, without authentication; poolers forward it.
 * pg's `client.cancel` has no TLS. Postgres closes that connection when it has sent the signal, and
 * ignores the request when the connection executes no statement.
 */
const requestCancel = (config: PoolConfig, { processID, secretKey }: Backend): Promise<void> => {
  const client = new Client(config);
  const { connection } = client as unknown as { readonly connection: CancelConnection };
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
    () => reject(new Error('Postgres did not respond to a CancelRequest')),
    CANCEL_TIMEOUT_MS,
  );
  const { host, port } = client;
  if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
  else connection.connect(port, host);
  return promise.finally(() => {
    clearTimeout(timer);
    connection.stream.destroy();
  });
};

/** Cancels the statement of a connection until `ended` resolves. */
const cancelUntil = async (
  ended: Promise<unknown>,
  config: PoolConfig,
  backend: Backend,
  onFailure: (error: unknown) => void,
): Promise<'ended' | 'executing'> => {
  const isOver = ended.then(() => 'ended' as const);
  for (let attempt = 0; attempt < CANCEL_ATTEMPTS; attempt += 1) {
    await requestCancel(config, backend).catch(onFailure);
    const timer = new AbortController();
    const waited = sleep(CANCEL_EVERY_MS, 'executing' as const, { signal: timer.signal });
    const state = await Promise.race([isOver, waited]);
    timer.abort();
    waited.catch(() => {}); // Aborted above.
    if (state === 'ended') return state;
  }
  return 'executing';
};

type Query = (...query: readonly unknown[]) => Promise<unknown>;

/**
 * Makes a pool that cancels the statements of a cancelled request: those of `pool.query` within
 * runRequest. Statements of transactions (`pool.connect`), of runToCompletion and outside of a request
 * are not cancelled.
 * A connection is released when its statement has ended, so that no later statement is cancelled.
 * @param onFailure receives errors of lost connections and of CancelRequests that fail
 */
export const makeCancellablePool = (
  config: PoolConfig,
  onFailure: (error: unknown) => void,
): Pool => {
  const pool = endAfterWaiting(
    new Pool({ ...KEEP_ALIVE, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, ...config }),
  );
  pool.on('error', onFailure);
  // Without a listener, the loss of a connection in use would end the process.
  pool.on('connect', (client) => client.on('error', onFailure));
  const queryToCompletion = pool.query.bind(pool) as unknown as Query;

  const connect = async (signal: AbortSignal): Promise<PoolClient> => {
    const connecting = pool.connect();
    return orAborted(connecting, signal).catch((error: unknown) => {
      // The connection may still open, or fail to, when the request no longer needs it.
      connecting.then(
        (late) => late.release(),
        () => {},
      );
      throw error;
    });
  };

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
        // As pg's own pool: a connection on which a statement failed is not used again.
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
