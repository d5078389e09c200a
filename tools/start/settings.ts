import { isIPv4 } from 'node:net';
import path from 'node:path';
import { stateDirOf, type Variables } from '@cartograph/command';
import { APPS, type AppName } from './apps.ts';
import { portOf, type ServiceName, SERVICES } from '../services.ts';
import { Refusal } from './refusal.ts';

/** What `npm start` itself is told by the environment. */
export interface Settings {
  /** Absolute folder of everything that is kept between runs. */
  readonly stateDir: string;
  /** Absolute folder of compiled code: kept per clone, since it depends on nothing but the code. */
  readonly compileCacheDir: string;
  /** The address the apps listen on. */
  readonly host: string;
  readonly ports: Readonly<Record<AppName | 'postgres', number>>;
  /** The private ports of the apps (metrics, details of readiness); 0 lets the system choose one. */
  readonly metricsPorts: Readonly<Record<AppName, number>>;
  /** Whether the Postgres of the project is used, rather than databases given from outside. */
  readonly embedded: boolean;
}

const portsOfServices = Object.fromEntries(
  SERVICES.map((service) => [service, portOf(service)]),
) as Record<ServiceName, number>;

const DEFAULT_PORTS: Settings['ports'] = {
  router: 4000,
  ...portsOfServices,
  rest: 8080,
  postgres: 5439,
};

/** 9400 for the router, 9480 for REST. */
const defaultMetricsPort = (app: AppName): number => 9400 + (DEFAULT_PORTS[app] % 100);

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
    ...readPorts(given),
    embedded: readEmbedded(given),
  };
}

/** True for an address that only processes of this machine can reach. Any other name counts as one that others can. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** An address one can connect to, for one that may mean "all of this machine's". */
export function dialable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

function readPorts(given: Variables): Pick<Settings, 'ports' | 'metricsPorts'> {
  const owners = new Map<number, string>();
  const read = (variable: string, byDefault: number, least: 0 | 1): number => {
    const text = given[variable] ?? String(byDefault);
    const port = /^\d+$/.test(text) ? Number(text) : -1;
    if (port < least || port > 65_535) throw new Refusal(`${variable} is not a port: "${text}".`);
    const owner = owners.get(port);
    if (owner) throw new Refusal(`${owner} and ${variable} are both ${port}.`);
    if (port > 0) owners.set(port, variable);
    return port;
  };
  const ports = [...APPS, 'postgres' as const].map((name) => {
    return [name, read(`${name.toUpperCase()}_PORT`, DEFAULT_PORTS[name], 1)] as const;
  });
  const metricsPorts = ports.flatMap(([name, port]) => {
    if (name === 'postgres') return [];
    // A second shop on this machine has moved its ports; its private ones must not clash either.
    const byDefault = port === DEFAULT_PORTS[name] ? defaultMetricsPort(name) : 0;
    return [[name, read(`${name.toUpperCase()}_METRICS_PORT`, byDefault, 0)] as const];
  });
  return {
    ports: Object.fromEntries(ports) as Settings['ports'],
    metricsPorts: Object.fromEntries(metricsPorts) as Settings['metricsPorts'],
  };
}

function readEmbedded(given: Variables): boolean {
  const variables = SERVICES.map((service) => `${service.toUpperCase()}_DATABASE_URL`);
  const missing = variables.filter((variable) => given[variable] === undefined);
  if (missing.length > 0 && missing.length < variables.length) {
    throw new Refusal(
      `Set every *_DATABASE_URL to use databases of your own, or none: ` +
        `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing.`,
    );
  }
  return missing.length > 0;
}
