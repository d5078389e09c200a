import { isIPv4, isIPv6 } from 'node:net';
import path from 'node:path';
import { CommandFailure, EXIT, stateDirOf, type Variables } from '@cartograph/command';
import { type AppName, APPS, portOf, type ServiceName, SERVICES, variableOf } from '../services.ts';

/** What the environment sets of `npm start` itself. */
export interface Settings {
  /** Absolute folder of everything that is kept between runs. */
  readonly stateDir: string;
  /** Absolute folder of compiled code, one per clone: it depends on nothing but the code. */
  readonly compileCacheDir: string;
  /** The address the apps listen on. */
  readonly host: string;
  readonly ports: Readonly<Record<AppName | 'postgres', number>>;
  /** The private ports of the apps (metrics, details of readiness); 0 lets the system choose one. */
  readonly metricsPorts: Readonly<Record<AppName, number>>;
  /** Whether the project's own Postgres is used, rather than databases of the environment. */
  readonly embedded: boolean;
  /** Where the Prometheus of `--observe` listens; null without it. */
  readonly prometheusPort: number | null;
}

const portsOfServices = Object.fromEntries(
  SERVICES.map((service) => [service, portOf(service)]),
) as Record<ServiceName, number>;

/** Beside the private ports. 9090 is that of the service that Debian's package starts. */
const DEFAULT_PROMETHEUS_PORT = 9490;

const DEFAULT_PORTS: Settings['ports'] = {
  router: 4000,
  ...portsOfServices,
  rest: 8080,
  postgres: 5439,
};

/** 9400 for the router, 9480 for REST. */
const defaultMetricsPort = (app: AppName): number => 9400 + (DEFAULT_PORTS[app] % 100);

const failure = (sentence: string): CommandFailure => new CommandFailure(EXIT.failed, sentence);

/**
 * Reads the settings of `npm start`.
 * @param options.observe whether a Prometheus is started too
 * @throws CommandFailure that names the variable that can't be used
 */
export const readSettings = (
  given: Variables,
  root: string,
  { observe = false }: { readonly observe?: boolean } = {},
): Settings => {
  if (given['NODE_ENV'] === 'production') {
    throw failure(
      'npm start is the development command and NODE_ENV is production: run each app separately.',
    );
  }
  return {
    stateDir: stateDirOf(given, root),
    compileCacheDir: path.join(root, '.cartograph', 'compile-cache'),
    host: given['HOST'] ?? '127.0.0.1',
    ...readPorts(given, observe),
    embedded: readEmbedded(given),
  };
};

/** Whether only processes of this machine can reach an address; for any other name it is false. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));

/** An address to connect to, for one that may mean "all of this machine's". */
export const dialable = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;

/** The host in a URL (RFC 3986, section 3.2.2): an IPv6 address stands in brackets. */
export const urlHost = (host: string): string => {
  const address = dialable(host);
  return isIPv6(address) ? `[${address}]` : address;
};

const readPorts = (
  given: Variables,
  observe: boolean,
): Pick<Settings, 'ports' | 'metricsPorts' | 'prometheusPort'> => {
  const variables = new Map<number, string>();
  const read = (variable: string, byDefault: number, least: 0 | 1): number => {
    const text = given[variable] ?? String(byDefault);
    const port = /^\d+$/.test(text) ? Number(text) : -1;
    if (port < least || port > 65_535) throw failure(`${variable} is not a port: "${text}".`);
    const other = variables.get(port);
    if (other) throw failure(`${other} and ${variable} are both ${port}.`);
    if (port > 0) variables.set(port, variable);
    return port;
  };
  const ports = Object.fromEntries(
    [...APPS, 'postgres' as const].map((name) => {
      return [name, read(variableOf(name, 'PORT'), DEFAULT_PORTS[name], 1)];
    }),
  ) as Settings['ports'];
  const metricsPorts = APPS.map((name) => {
    // A second shop on this machine has other ports; its private ones must be free as well.
    const byDefault = ports[name] === DEFAULT_PORTS[name] ? defaultMetricsPort(name) : 0;
    return [name, read(variableOf(name, 'METRICS_PORT'), byDefault, 0)];
  });
  return {
    ports,
    metricsPorts: Object.fromEntries(metricsPorts) as Settings['metricsPorts'],
    prometheusPort: observe ? read('PROMETHEUS_PORT', DEFAULT_PROMETHEUS_PORT, 1) : null,
  };
};

const readEmbedded = (given: Variables): boolean => {
  const variables = SERVICES.map((service) => variableOf(service, 'DATABASE_URL'));
  const missing = variables.filter((variable) => given[variable] === undefined);
  if (missing.length > 0 && missing.length < variables.length) {
    throw failure(
      `Set every *_DATABASE_URL to use databases of your own, or none: ` +
        `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing.`,
    );
  }
  return missing.length > 0;
};
