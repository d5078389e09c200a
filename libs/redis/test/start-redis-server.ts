/**
 * A real Redis for tests: `redis-server` on the PATH, or Debian's packages, unpacked without being
 * installed. No test uses a stand-in.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually, findDebianProgram, type DebianProgram } from '@cartograph/testing';

/**
 * A Redis server of this machine.
 * @returns null where there is none; a warning is printed then
 * @throws where there is none and CI=true
 */
export const findRedisServer = async (): Promise<DebianProgram | null> => {
  try {
    return await findDebianProgram({
      file: 'usr/bin/redis-server',
      // The server is in redis-tools; its libraries are not in every Debian.
      packages: ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'],
      versionFlag: '--version',
    });
  } catch (error) {
    const sentence =
      'REDIS WAS NOT TRIED: there is no redis-server on the PATH, and `apt-get download` has none.';
    if (process.env['CI'] === 'true') throw new Error(sentence, { cause: error });
    process.stderr.write(`\n*** ${sentence} ***\n${String(error)}\n\n`);
    return null;
  }
};

const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
};

const pingServer = async (port: number): Promise<void> => {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    socket.write('PING\r\n');
    await once(socket, 'data', { signal: AbortSignal.timeout(1_000) });
  } finally {
    socket.destroy();
  }
};

/** A Redis on a port of its own, without files. */
export type RedisServer = {
  readonly url: string;
  /** Ends it without a chance to stop cleanly. */
  readonly kill: () => Promise<void>;
  /** Starts it again, empty. */
  readonly start: () => Promise<void>;
  /** Lets it hang: connections stay open, and nothing is answered. */
  readonly pause: () => void;
  readonly resume: () => void;
  readonly close: () => Promise<void>;
};

/** Starts a Redis that can be killed, started again, and paused. */
export const startRedisServer = async ({ file, env }: DebianProgram): Promise<RedisServer> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'redis-'));
  const port = await findFreePort();
  let child: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
    child = spawn(file, args, { stdio: 'ignore', env });
    await eventually(() => pingServer(port));
  };
  const kill = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    close: async () => {
      await kill();
      await rm(folder, { recursive: true });
    },
  };
};
