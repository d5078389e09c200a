import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { makeKeyFile } from '@cartograph/auth';
import { readVariables, writeVariables, type Variables } from '@cartograph/command';
import { DEVELOPMENT_SECRET_PREFIX } from '@cartograph/config';
import {
  changeKeyFile,
  developmentKeysFile,
  findKeyFile,
  makePem,
} from '../../apps/user/src/commands/key-file.ts';
import { APPS, SERVICES, variableOf } from '../services.ts';
import { DEMO_PASSWORD_VARIABLES, makeDemoPassword } from './demo-passwords.ts';

/** Marked, so that production can recognize and reject them. */
const makeSecret = (): string => DEVELOPMENT_SECRET_PREFIX + randomBytes(32).toString('base64url');

const SECRETS = [
  'POSTGRES_SUPERUSER_PASSWORD',
  ...SERVICES.map((service) => variableOf(service, 'DB_PASSWORD')),
  ...APPS.map((app) => variableOf(app, 'SECRET')),
  'SIMULATOR_WEBHOOK_SECRET',
];

/**
 * The secrets of this clone's development shop, made on the first call and stored in `dev.env` of
 * the state folder, which only its owner can read. So no secret is ever committed.
 */
export const ensureSecrets = (stateDir: string): Variables => {
  const file = path.join(stateDir, 'dev.env');
  const stored = readVariables(file);
  const missing = (names: readonly string[]) => names.filter((name) => !stored[name]);
  const made = [
    ...missing(SECRETS).map((name) => [name, makeSecret()] as const),
    ...missing(DEMO_PASSWORD_VARIABLES).map((name) => [name, makeDemoPassword()] as const),
  ];
  if (made.length === 0) return stored;
  const all = { ...stored, ...Object.fromEntries(made) };
  writeVariables(file, 'Made by npm start for this clone alone. Not for production.', all);
  return all;
};

/**
 * Finds the keys that sign access tokens: those that were given, else a file in the state folder,
 * made on the first call and marked so that production rejects it. A key that an earlier version
 * stored in `dev.env` moves to that file, so that its tokens stay valid.
 */
export const ensureSigningKeys = (
  stateDir: string,
  given: Variables,
  stored: Variables,
): Variables => {
  if (given['JWT_PRIVATE_KEY'] ?? given['JWT_KEYS_FILE']) return {};
  const file = developmentKeysFile(stateDir);
  if (!findKeyFile(file)) {
    const pem = stored['JWT_PRIVATE_KEY'] ?? makePem();
    changeKeyFile(file, (found) => found ?? makeKeyFile(pem, new Date(), 'development'));
  }
  return { JWT_KEYS_FILE: file };
};
