import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.ts';
import { runtimeDirOf } from './placement.ts';
import { type PostgresServer, startPostgres } from './server.ts';

const ATTEMPTS = 5;

/** Quick rather than safe. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  // Proofs run ten shops at once.
  max_connections: '400',
};

/**
 * Starts an empty Postgres on a free port, for tests. Its data is removed after `stop()`, or when
 * this process is killed.
 * @param settings of Postgres, by name, in place of those that make it quick
 * @throws CommandFailure when it can't be started
 */
export const startThrowAwayPostgres = async (
  settings: Readonly<Record<string, string>> = {},
): Promise<Pick<PostgresServer, 'adminUrl' | 'pid' | 'stop'>> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-postgres-'));
  // Root's server runs as another user, who has to reach the data.
  fs.chmodSync(folder, 0o711);
  const runtimeDir = runtimeDirOf(folder);
  const folders = [folder, runtimeDir];
  const remove = (): void => {
    for (const dir of folders) fs.rmSync(dir, { recursive: true, force: true });
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const server = await startPostgres({
        dataDir: path.join(folder, 'data'),
        superuserPassword: randomBytes(16).toString('hex'),
        runtimeDir,
        settings: { ...SETTINGS, ...settings },
        removeIfKilled: folders,
        port: await freePort(),
      });
      const { adminUrl, pid } = server;
      return { adminUrl, pid, stop: () => server.stop().then(remove) };
    } catch (error) {
      remove();
      const isPortTaken = error instanceof Error && /TCP\/IP sockets/.test(error.message);
      if (!isPortTaken || attempt === ATTEMPTS) throw error;
      fs.mkdirSync(folder, { mode: 0o711 });
    }
  }
};
