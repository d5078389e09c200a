import { isIPv4 } from 'node:net';
import path from 'node:path';
import { APPS, type AppName } from './apps.ts';
import { SERVICES } from '../services.ts';
import { Refusal } from './refusal.ts';

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string>>;

/** What `npm start` itself is told by the environment. */
export interface Settings {
  /** Absolute folder of everything that is kept between runs. */
  readonly stateDir: string;
  /** Absolute folder of compiled code: kept per clone, since it depends on nothing but the code. */
  readonly compileCacheDir: string;
  /** The address the apps listen on. */
  readonly host: string;
  readonly ports: Readonly<Record<AppName | 'postgres', number>>;
  /** Whether the Postgres of the project is used, rather than databases given from outside. */
  readonly embedded: boolean;
}

const DEFAULT_PORTS: Settings['ports'] = {
  router: 4000,
  user: 4001,
  product: 4002,
  order: 4003,
  payment: 4004,
  rest: 8080,
  postgres: 5439,
};

/**
 * Reads the settings of `npm start`.
 * @throws {Refusal} naming the variable that can't be used
 */
export function readSettings(given: Variables, root: string): Settings {
  if (given['NODE_ENV'] === 'production') {
    throw new Refusal(
      'npm start is the development command and NODE_ENV is production: ' +
        'run each app by itself.',
    );
  }
  return {
    stateDir: stateDirOf(given, root),
    compileCacheDir: path.join(root, '.cartograph', 'compile-cache'),
    host: given['HOST'] ?? '127.0.0.1',
    ports: readPorts(given),
    embedded: readEmbedded(given),
  };
}

/** The absolute folder of everything that is kept between runs. */
export function stateDirOf(given: Variables, root: string): string {
  return path.resolve(root, given['CARTOGRAPH_STATE_DIR'] ?? '.cartograph');
}

/** True for an address that only processes of this machine can reach. Any other name counts as one that others can. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** An address one can connect to, for one that may mean "all of this machine's". */
export function dialable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

function readPorts(given: Variables): Settings['ports'] {
  const owners = new Map<number, string>();
  const read = (name: AppName | 'postgres'): number => {
    const variable = `${name.toUpperCase()}_PORT`;
    const text = given[variable] ?? String(DEFAULT_PORTS[name]);
    const port = /^\d+$/.test(text) ? Number(text) : 0;
    if (port < 1 || port > 65_535) throw new Refusal(`${variable} is not a port: "${text}".`);
    const owner = owners.get(port);
    if (owner) throw new Refusal(`${owner} and ${variable} are both ${port}.`);
    owners.set(port, variable);
    return port;
  };
  const entries = [...APPS, 'postgres' as const].map((name) => [name, read(name)] as const);
  return Object.fromEntries(entries) as Settings['ports'];
}

function readEmbedded(given: Variables): boolean {
  const variables = SERVICES.map((service) => `${service.toUpperCase()}_DATABASE_URL`);
  const missing = variables.filter((variable) => given[variable] === undefined);
  if (missing.length > 0 && missing.length < variables.length) {
    throw new Refusal(
      `Set all four *_DATABASE_URL to use databases of your own, or none: ` +
        `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing.`,
    );
  }
  return missing.length > 0;
}
