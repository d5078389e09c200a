import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startBackup } from './test/run-backup.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'backup-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A port that nothing listens on. */
const findFreePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
};

describe('npm run backup without a database', () => {
  it.each([['dump'], ['check'], ['repair']])(
    '-- %s says so in one sentence without the password, and leaves no folder',
    async (command) => {
      const url = `postgres://shop:a-password@127.0.0.1:${await findFreePort()}/shop`;
      const words = command === 'dump' ? [path.join(folder, 'backup')] : [];
      const { exitCode, err } = await startBackup(() => url, command, ...words).ended;
      expect({ exitCode, err }).toEqual({
        exitCode: 3,
        err: expect.stringMatching(/^(user|order): connect ECONNREFUSED 127\.0\.0\.1:\d+\n$/),
      });
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('-- restore says so', async () => {
    const { exitCode, err } = await startBackup(() => 'postgres://x/x', 'restore', folder).ended;
    expect({ exitCode, err }).toEqual({
      exitCode: 2,
      err: `There is no whole backup in ${folder}.\n`,
    });
  });
});
