import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Below the ports that systems choose for those who ask for any: a restarted service finds its own. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;

const TRIES = 100;

/** After this time a port that was chosen may be chosen again: what it was for has ended. */
const CHOSEN_FOR_MS = 60 * 60_000;

/** Chosen ports, a file for each: nothing may listen on them yet, and other processes choose at the same time. */
const folder = path.join(tmpdir(), 'cartograph-service-ports');

/** @returns whether no process has chosen it within CHOSEN_FOR_MS */
const choose = (port: number): boolean => {
  const file = path.join(folder, String(port));
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(file, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const { mtimeMs = Infinity } = statSync(file, { throwIfNoEntry: false }) ?? {};
  if (Date.now() - mtimeMs > CHOSEN_FOR_MS) rmSync(file, { force: true });
  return false;
};

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
};

/** A TCP port of 127.0.0.1 for a service that is killed and restarted, another one each time. */
export const findServicePort = async (): Promise<number> => {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (choose(port) && (await isFree(port))) return port;
  }
  throw new Error(`no port from ${FIRST_PORT} to ${LAST_PORT} is free`);
};
