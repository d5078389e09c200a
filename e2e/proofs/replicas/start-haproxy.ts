import fs from 'node:fs';
import path from 'node:path';
import { CommandFailure, EXIT } from '@cartograph/command';
import { eventually, findDebianProgram } from '@cartograph/testing';
import { startProcess } from '../../../tools/postgres/running-process.ts';
import { findServicePort } from '../../sandbox/service-port.ts';
import { makeHaproxyConfig, type Backend } from './haproxy-config.ts';
import { parseStatus } from './parse-status.ts';

/** haproxy, between all clients and all apps. */
export type Haproxy = {
  /** Resolves when requests are sent to all of these replicas. */
  readonly untilUp: (names: readonly string[]) => Promise<void>;
  readonly stop: () => Promise<void>;
};

const STOP_MS = 5_000;
const UP_TIMEOUT_MS = 180_000;

const findHaproxy = () =>
  findDebianProgram({
    file: 'usr/sbin/haproxy',
    packages: [
      'haproxy',
      'liblua5.3-0',
      'libopentracing-c-wrapper0',
      'libopentracing1',
      'libpcre2-8-0',
    ],
    versionFlag: '-v',
  }).catch((error: unknown) => {
    const sentence = 'There is no haproxy on this machine, and `apt-get download haproxy` failed.';
    throw new CommandFailure(EXIT.failed, sentence, { cause: error });
  });

/** Starts haproxy; its log and its configuration are in a folder. @throws CommandFailure without haproxy */
export const startHaproxy = async (
  backends: readonly Backend[],
  folder: string,
): Promise<Haproxy> => {
  const { file, env } = await findHaproxy();
  const statusPort = await findServicePort();
  const config = path.join(folder, 'haproxy.cfg');
  fs.writeFileSync(config, makeHaproxyConfig(backends, statusPort));
  const running = await startProcess(file, ['-db', '-f', config], {
    env,
    logFile: path.join(folder, 'haproxy.log'),
    // At once, with all connections.
    stopSignal: 'SIGTERM',
    killAfterMs: STOP_MS,
  });

  const readStatus = async (): Promise<ReadonlyMap<string, string>> => {
    const response = await fetch(`http://127.0.0.1:${statusPort}/;csv`);
    return parseStatus(await response.text());
  };
  return {
    untilUp: (names) =>
      eventually(
        async () => {
          const states = await readStatus();
          const missing = names.filter((name) => states.get(name) !== 'UP');
          if (missing.length > 0)
            throw new Error(`not ready: ${missing.join(', ')}; see ${folder}`);
        },
        UP_TIMEOUT_MS,
        100,
      ),
    stop: () => running.stop(),
  };
};
