import { generateKeyPairSync, randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Variables } from '@cartograph/command';
import { APPS, SERVICES, variableOf } from '../../../tools/services.ts';
import { completeEnvironment } from '../../../tools/start/environment.ts';
import type { Settings } from '../../../tools/start/settings.ts';

/** Without the prefix of development secrets, which production rejects. */
const makeSecret = (): string => randomBytes(32).toString('hex');

const makePrivateKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

/** A few customers at one address stand for many, and stay signed in until the end. */
const LIMITS = {
  ACCESS_TOKEN_LIFETIME_MS: '3600000',
  ORDER_OPEN_PER_ACCOUNT: '1000000',
  ORDER_UNITS_PER_ACCOUNT: '1000000',
  ORDER_UNITS_PER_ADDRESS: '1000000',
  HASHES_PER_ADDRESS: '1000000',
  REGISTRATIONS_PER_ADDRESS: '1000000',
};

/** The environment of a shop in production mode, with secrets that are made for it. */
export const makeProductionEnvironment = (
  stateDir: string,
  ports: Settings['ports'],
  metricsPorts: Settings['metricsPorts'],
  changes: Variables,
): Variables => {
  const secretNames = [
    ...APPS.map((app) => variableOf(app, 'SECRET')),
    ...SERVICES.map((service) => variableOf(service, 'DB_PASSWORD')),
    'SIMULATOR_WEBHOOK_SECRET',
  ];
  const secrets = Object.fromEntries(secretNames.map((name) => [name, makeSecret()]));
  const given = {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'production',
    PAYMENT_PROVIDER: 'simulator',
    JWT_PRIVATE_KEY: makePrivateKey(),
    ...LIMITS,
    ...changes,
  };
  const settings: Settings = {
    stateDir,
    compileCacheDir: process.env['NODE_COMPILE_CACHE'] ?? path.join(stateDir, 'compiled'),
    host: '127.0.0.1',
    ports,
    metricsPorts,
    embedded: true,
    prometheusPort: null,
  };
  return completeEnvironment(given, settings, secrets);
};
