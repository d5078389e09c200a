import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { readVariables, writeVariables, type Variables } from '@cartograph/command';
import { DEVELOPMENT_SECRET_PREFIX } from '@cartograph/config';
import { APPS } from './apps.ts';
import { DEMO_PASSWORD_VARIABLES, makeDemoPassword } from './demo-passwords.ts';
import { SERVICES } from '../services.ts';

/**
 * The secrets of this clone's development shop, made on the first call and kept in `dev.env` of the
 * state folder, which only its owner can read. So no secret is ever committed.
 */
export function ensureSecrets(stateDir: string): Variables {
  const file = path.join(stateDir, 'dev.env');
  const kept = readVariables(file);
  const made = Object.entries(makers())
    .filter(([name]) => !kept[name])
    .map(([name, make]) => [name, make()] as const);
  if (made.length === 0) return kept;

  const all = { ...kept, ...Object.fromEntries(made) };
  writeVariables(file, 'Made by npm start for this clone alone. Not for production.', all);
  return all;
}

/** How to make each secret. */
function makers(): Readonly<Record<string, () => string>> {
  // Marked, so that production can tell and refuse them.
  const secret = (): string => DEVELOPMENT_SECRET_PREFIX + randomBytes(32).toString('base64url');
  const names = [
    'POSTGRES_SUPERUSER_PASSWORD',
    ...SERVICES.map((service) => `${service.toUpperCase()}_DB_PASSWORD`),
    ...APPS.map((app) => `${app.toUpperCase()}_SECRET`),
    'SIMULATOR_WEBHOOK_SECRET',
  ];
  return Object.fromEntries([
    ...names.map((name) => [name, secret] as const),
    ...DEMO_PASSWORD_VARIABLES.map((name) => [name, makeDemoPassword] as const),
  ]);
}
