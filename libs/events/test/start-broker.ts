/**
 * A real NATS server for tests: `nats-server` on the PATH, or Debian's package, unpacked without
 * being installed. No test uses a stand-in.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually, findDebianProgram } from '@cartograph/testing';

/**
 * The path of a NATS server on this machine.
 * @returns null where there is none; a warning is printed then
 * @throws where there is none and CI=true
 */
export const findBroker = async (): Promise<string | null> => {
  try {
    const { file } = await findDebianProgram({
      file: 'usr/sbin/nats-server',
      packages: ['nats-server'],
      versionFlag: '--version',
    });
    return file;
  } catch (error) {
    const sentence =
      'NATS WAS NOT TRIED: there is no nats-server on the PATH, and `apt-get download` has none.';
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

const isListening = async (port: number): Promise<void> => {
  const { connect } = await import('node:net');
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'data');
  } finally {
    socket.destroy();
  }
};

/** Starts a broker with JetStream, on a port and in a folder of its own; it can be stopped and started. */
export const startBroker = async (
  program: string,
): Promise<{
  readonly url: string;
  /** Kills it without a chance to stop cleanly. */
  readonly kill: () => Promise<void>;
  /** Starts it again with the data it had stored. */
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
}> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'nats-'));
  const port = await findFreePort();
  let child: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const args = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder];
    child = spawn(program, args, { stdio: 'ignore' });
    await eventually(() => isListening(port));
  };
  const kill = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };

  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    kill,
    start,
    close: async () => {
      await kill();
      await rm(folder, { recursive: true });
    },
  };
};
