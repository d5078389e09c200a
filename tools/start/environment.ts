import type { Variables } from '@cartograph/command';
import { localUrl } from '../postgres/local-url.ts';
import { type AppName, APPS, type ServiceName, SERVICES, variableOf } from '../services.ts';
import { DEMO_PASSWORD_VARIABLES } from './demo-passwords.ts';
import { privateAddresses } from './private-addresses.ts';
import { type Settings, urlHost } from './settings.ts';

/** The whole environment of the development shop: what was given, and defaults for all else. */
export const completeEnvironment = (
  given: Variables,
  { host, ports, metricsPorts, compileCacheDir }: Settings,
  secrets: Variables,
): Variables => {
  const known = { ...secrets, ...given };
  const urlOf = (app: AppName, pathname: string): string =>
    `http://${urlHost(host)}:${ports[app]}${pathname}`;
  const base: Record<string, string> = {
    NODE_ENV: 'development',
    HOST: host,
    JWT_AUDIENCE: 'cartograph',
    APOLLO_TELEMETRY_DISABLED: '1',
    NODE_COMPILE_CACHE: compileCacheDir,
    POSTGRES_PORT: String(ports.postgres),
    SIMULATOR_WEBHOOK_URL: urlOf('rest', '/v1/webhooks/payments/simulator'),
    STATUS_PROCESSES: Object.entries(privateAddresses(known, { metricsPorts }))
      .map(([app, address]) => `${app}=http://${address}`)
      .join(','),
  };
  for (const app of APPS) {
    base[variableOf(app, 'PORT')] = String(ports[app]);
    base[variableOf(app, 'METRICS_PORT')] = String(metricsPorts[app]);
    if (app !== 'rest') base[variableOf(app, 'URL')] = urlOf(app, '/graphql');
  }
  for (const service of SERVICES) {
    const name = databaseName(service);
    base[variableOf(service, 'DATABASE_URL')] = localUrl({
      user: name,
      password: known[variableOf(service, 'DB_PASSWORD')] ?? '',
      port: ports.postgres,
      database: name,
    });
  }
  const issuer = new URL(known['USER_URL'] ?? urlOf('user', '')).origin;
  return { ...base, JWKS_URL: `${issuer}/.well-known/jwks.json`, JWT_ISSUER: issuer, ...known };
};

/** The name of a service's database in the embedded Postgres, and of the role that owns it. */
export const databaseName = (service: ServiceName): string => `cartograph_${service}`;

/** What proves that money was moved is for the payment service alone. */
const PROVIDER_SECRET = /^(?:STRIPE_.*|SIMULATOR_WEBHOOK_SECRET)$/;

/** Who may use Redis: what is shared there is public responses and counts of attempts. */
const REDIS_APPS: readonly AppName[] = ['user', 'router', 'rest'];

/** The services that call others, but for the feed of revoked sessions, which all of them read. */
const CALLERS_OF: Readonly<Partial<Record<AppName, readonly AppName[]>>> = {
  user: SERVICES.filter((service) => service !== 'user'),
  product: ['product', 'order'],
  order: ['order', 'payment'],
  payment: ['payment', 'order'],
};

/** The processes whose calls an app signs or verifies: the router, itself, and those that call it. */
const callersOf = (app: AppName): readonly AppName[] => {
  if (app === 'rest') return [];
  return app === 'router' ? ['router'] : ['router', ...(CALLERS_OF[app] ?? [app])];
};

/**
 * The part of the environment that one app gets: no other app's database, no secret of calls that it
 * neither makes nor receives, and secrets of signing keys and payment providers only as their owner.
 */
export const environmentOf = (app: AppName, environment: Variables): Variables => {
  const isForeign = (name: string): boolean => {
    if (name === 'POSTGRES_SUPERUSER_PASSWORD') return true;
    if (DEMO_PASSWORD_VARIABLES.includes(name)) return true;
    if (name === 'JWT_PRIVATE_KEY' || name === 'JWT_KEYS_FILE') return app !== 'user';
    if (PROVIDER_SECRET.test(name)) return app !== 'payment';
    if (name === 'REDIS_URL') return !REDIS_APPS.includes(app);
    if (name === 'ROUTER_AUTHORIZATION') return app === 'router' || app === 'rest';
    const caller = APPS.find((one) => name === variableOf(one, 'SECRET'));
    if (caller) return !callersOf(app).includes(caller);
    const isOf = (service: ServiceName): boolean =>
      name === variableOf(service, 'DATABASE_URL') || name === variableOf(service, 'DB_PASSWORD');
    return SERVICES.some((service) => service !== app && isOf(service));
  };
  const own = Object.entries(environment).filter(([name]) => !isForeign(name));
  // On one machine each process needs a private port of its own.
  const METRICS_PORT = environment[variableOf(app, 'METRICS_PORT')] ?? '0';
  return { ...Object.fromEntries(own), METRICS_PORT };
};
