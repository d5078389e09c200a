import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.ts';
import { standInFor } from './placement.ts';
import { PostgresFailure } from './postgres-failure.ts';
import { type PostgresOptions, type PostgresServer, startPostgres } from './server.ts';

const ATTEMPTS = 5;

/**
 * Starts an empty Postgres on a free port, for tests: quick rather than safe, and gone without a
 * trace after `stop()`, or when this process is killed.
 * @throws {PostgresFailure} when it can't be started
 */
export async function startThrowAwayPostgres(): Promise<{
  readonly adminUrl: string;
  stop(): Promise<void>;
}> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-postgres-'));
  const runtimeDir = standInFor(folder);
  // Root's server runs as another user, who has to get through to the data, which is closed itself.
  fs.chmodSync(folder, 0o711);
  const remove = (): void => {
    for (const dir of [folder, runtimeDir]) fs.rmSync(dir, { recursive: true, force: true });
  };
  try {
    const server = await startOnFreePort({
      dataDir: path.join(folder, 'data'),
      superuserPassword: randomBytes(16).toString('hex'),
      runtimeDir,
      settings: {
        fsync: 'off',
        synchronous_commit: 'off',
        full_page_writes: 'off',
        // Proofs run ten shops at once.
        max_connections: '400',
      },
      removeIfKilled: [folder, runtimeDir],
    });
    return {
      adminUrl: server.adminUrl,
      stop: async () => {
        await server.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

async function startOnFreePort(options: Omit<PostgresOptions, 'port'>): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startPostgres({ ...options, port: await freePort() });
    } catch (error) {
      const portTaken = error instanceof PostgresFailure && /TCP\/IP sockets/.test(error.message);
      if (!portTaken || attempt === ATTEMPTS) throw error;
    }
  }
}
