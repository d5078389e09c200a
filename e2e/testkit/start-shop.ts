import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { APPS, type AppName } from '../../tools/services.ts';
import { findServicePort } from '../sandbox/service-port.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** A whole shop, as `npm start` runs it, on ports and with a state folder of its own. */
export type Shop = {
  readonly ports: Readonly<Record<AppName | 'postgres', number>>;
  /** The private ports, for metrics. */
  readonly metricsPorts: Readonly<Record<AppName, number>>;
  readonly env: NodeJS.ProcessEnv;
  readonly process: ChildProcess;
  /** Its output so far. */
  readonly output: () => string;
  /** Sends Ctrl-C, and waits for the exit. @returns the exit code */
  readonly stop: () => Promise<number | null>;
  /** Removes its state folder. */
  readonly remove: () => Promise<void>;
};

type ShopEnvironment = Pick<Shop, 'ports' | 'metricsPorts' | 'env'>;

const READY_TIMEOUT_MS = 120_000;

/** Chooses free ports, and makes a state folder. */
export const makeShopEnvironment = async (): Promise<ShopEnvironment> => {
  const ports: Record<string, number> = {};
  for (const name of [...APPS, 'postgres']) ports[name] = await findServicePort();
  const stateDir = await mkdtemp(path.join(tmpdir(), 'cartograph e2e '));
  // Under root, Postgres runs as another user, who must be able to enter the folder.
  await chmod(stateDir, 0o711);
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    // Tests send many requests at once, also on a busy machine: those wait rather than get 503.
    ADMISSION_MIN_CONCURRENT: '64',
    ADMISSION_MAX_WAIT_MS: '15000',
    ADMISSION_SIGN_IN_CONCURRENT: '64',
    CARTOGRAPH_ENV_FILE: devNull,
    CARTOGRAPH_STATE_DIR: stateDir,
  };
  for (const [name, port] of Object.entries(ports))
    env[`${name.toUpperCase()}_PORT`] = String(port);
  const metricsPorts: Record<string, number> = {};
  for (const name of APPS) {
    metricsPorts[name] = await findServicePort();
    env[`${name.toUpperCase()}_METRICS_PORT`] = String(metricsPorts[name]);
  }
  return { ports, metricsPorts, env } as ShopEnvironment;
};

/** Starts `npm start`'s command, without waiting for it. */
export const spawnShop = (
  { ports, metricsPorts, env }: ShopEnvironment,
  args: readonly string[] = [],
): Shop => {
  const child = spawn(process.execPath, [path.join(root, 'tools/start/main.ts'), ...args], {
    env,
    // The command must work from any folder.
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const exited = once(child, 'exit') as Promise<[number | null]>;
  return {
    ports,
    metricsPorts,
    env,
    process: child,
    output: () => output,
    stop: async () => {
      child.kill('SIGINT');
      const [code] = await exited;
      return code;
    },
    remove: () => rm(env['CARTOGRAPH_STATE_DIR'] ?? '', { recursive: true, force: true }),
  };
};

/** Starts a shop and waits until it says that it is ready. */
export const startShop = async (
  given: NodeJS.ProcessEnv = {},
  args: readonly string[] = [],
): Promise<Shop> => {
  const made = await makeShopEnvironment();
  const shop = spawnShop({ ...made, env: { ...made.env, ...given } }, args);
  const signal = AbortSignal.timeout(READY_TIMEOUT_MS);
  const ready = once(shop.process, 'message', { signal });
  const ended = once(shop.process, 'exit', { signal }).then(() => {
    throw new Error('the shop ended before it was ready');
  });
  try {
    await Promise.race([ready, ended]);
  } catch (error) {
    await shop.stop();
    throw new Error(`the shop did not start:\n${shop.output()}`, { cause: error });
  }
  ended.catch(() => {});
  return shop;
};
