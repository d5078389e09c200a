import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { PostgresFailure } from './postgres-failure.ts';

/** Long, since after a crash Postgres replays its log before it answers. */
const START_MS = 60_000;
const WRONG_PASSWORD = '28P01';
const ANOTHER_SERVER = 'another server';
const STARTING_UP = '57P03';

/** A server whose process was just started. */
export interface StartingServer {
  readonly adminUrl: string;
  readonly dataDir: string;
  /** Whether its process is gone, so that waiting is in vain. */
  readonly hasEnded: () => boolean;
}

/**
 * Resolves once the server answers a query.
 * @throws {PostgresFailure} when it ended, refuses the password, or is silent for a minute
 */
export async function waitUntilReady(
  server: StartingServer,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    signal?.throwIfAborted();
    const refusal = await tryQuery(server);
    // The answer may be another server's, whose port this one could not have: give it time to end.
    if (refusal === WRONG_PASSWORD || refusal === ANOTHER_SERVER) await sleep(500);
    if (server.hasEnded()) throw new PostgresFailure('Postgres ended while it was starting');
    if (refusal === undefined) return;
    if (refusal === WRONG_PASSWORD) {
      throw new PostgresFailure(
        'Postgres refuses the superuser password: its data was made with another one. Put that ' +
          'back as POSTGRES_SUPERUSER_PASSWORD, or begin again with npm start -- --reset.',
      );
    }
    if (Date.now() > deadline) {
      throw new PostgresFailure(`Postgres did not answer within ${START_MS / 1000} s`);
    }
    // Each refusal while it replays its log is a line in Postgres's own log: ask less often then.
    await sleep(refusal === STARTING_UP ? 150 : 25);
  }
}

/** Resolves to undefined when all is well, else to what is in the way. */
async function tryQuery({ adminUrl, dataDir }: StartingServer): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });
  // A connection that breaks off while it is idle would otherwise end this process.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return path.resolve(rows[0]?.data_directory ?? '') === path.resolve(dataDir)
      ? undefined
      : ANOTHER_SERVER;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    await client.end().catch(() => {});
  }
}
