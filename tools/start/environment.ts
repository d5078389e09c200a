import type { Variables } from '@cartograph/command';
import { type AppName, APPS } from './apps.ts';
import { SERVICES } from '../services.ts';
import { DEMO_PASSWORD_VARIABLES } from './demo-passwords.ts';
import { dialable, type Settings } from './settings.ts';

/**
 * The whole environment of the development shop: what was given, and a default for all else.
 */
export function completeEnvironment(
  given: Variables,
  settings: Settings,
  secrets: Variables,
): Variables {
  const known = { ...secrets, ...given };
  const address = dialable(settings.host);
  const base: Record<string, string> = {
    NODE_ENV: 'development',
    HOST: settings.host,
    JWT_AUDIENCE: 'cartograph',
    APOLLO_TELEMETRY_DISABLED: '1',
    NODE_COMPILE_CACHE: settings.compileCacheDir,
    POSTGRES_PORT: String(settings.ports.postgres),
  };
  for (const app of APPS) {
    const port = settings.ports[app];
    base[`${app.toUpperCase()}_PORT`] = String(port);
    base[`${app.toUpperCase()}_METRICS_PORT`] = String(settings.metricsPorts[app]);
    if (app !== 'rest') base[`${app.toUpperCase()}_URL`] = `http://${address}:${port}/graphql`;
  }
  base['SIMULATOR_WEBHOOK_URL'] =
    `http://${address}:${settings.ports.rest}/v1/webhooks/payments/simulator`;
  for (const service of SERVICES) {
    const prefix = service.toUpperCase();
    const password = encodeURIComponent(known[`${prefix}_DB_PASSWORD`] ?? '');
    const name = databaseName(service);
    base[`${prefix}_DATABASE_URL`] =
      `postgres://${name}:${password}@127.0.0.1:${settings.ports.postgres}/${name}`;
  }
  const userOrigin = new URL(known['USER_URL'] ?? base['USER_URL'] ?? '').origin;
  base['JWKS_URL'] = `${userOrigin}/.well-known/jwks.json`;
  base['JWT_ISSUER'] = userOrigin;
  return { ...base, ...known };
}

/** The name of a service's database in the embedded Postgres, and of the role that owns it. */
export function databaseName(service: (typeof SERVICES)[number]): string {
  return `cartograph_${service}`;
}

/** What proves that money moved is for those who take it. */
const PROVIDER_SECRET = /^(?:STRIPE_.*|SIMULATOR_WEBHOOK_SECRET)$/;

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
 * What one app gets of the environment: no other's database, no secret of calls that are neither
 * its own nor made to it, and the signing keys and what is between the shop and its payment
 * providers only their owner.
 */
export function environmentOf(app: AppName, environment: Variables): Variables {
  const prefixOfApp = app.toUpperCase();
  const isForeign = (name: string): boolean => {
    if (name === 'POSTGRES_SUPERUSER_PASSWORD') return true;
    if (DEMO_PASSWORD_VARIABLES.includes(name)) return true;
    if (name === 'JWT_PRIVATE_KEY' || name === 'JWT_KEYS_FILE') return app !== 'user';
    if (PROVIDER_SECRET.test(name)) return app !== 'payment';
    if (name === 'ROUTER_AUTHORIZATION') return app === 'router' || app === 'rest';
    const signer = APPS.find((one) => name === `${one.toUpperCase()}_SECRET`);
    if (signer) return !callersOf(app).includes(signer);
    return SERVICES.some((service) => {
      const prefix = service.toUpperCase();
      return (
        prefix !== prefixOfApp && [`${prefix}_DATABASE_URL`, `${prefix}_DB_PASSWORD`].includes(name)
      );
    });
  };
  const own = Object.entries(environment).filter(([name]) => !isForeign(name));
  // On one machine each process needs a private port of its own.
  const METRICS_PORT = environment[`${app.toUpperCase()}_METRICS_PORT`] ?? '0';
  return { ...Object.fromEntries(own), METRICS_PORT };
}
