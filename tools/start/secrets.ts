import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { DEVELOPMENT_SECRET_PREFIX } from '@cartograph/config';
import { APPS } from './apps.ts';
import { DEMO_PASSWORD_VARIABLES, makeDemoPassword } from './demo-passwords.ts';
import { SERVICES } from '../services.ts';
import type { Variables } from './settings.ts';

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
  const lines = Object.entries(all).map(([name, value]) => `${name}="${escape(value)}"`);
  const note = '# Made by npm start for this clone alone. Not for production.';
  // Replaced in one step: a run that is killed here must not leave half of the passwords.
  fs.writeFileSync(`${file}.new`, [note, ...lines, ''].join('\n'), { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
  return all;
}

/** The variables in a .env file; none when there is no such file. */
export function readVariables(file: string): Variables {
  try {
    return parseEnv(fs.readFileSync(file, 'utf8')) as Variables;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
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

/** In double quotes a .env file has \n for a line's end, so that each variable is one line. */
function escape(value: string): string {
  return value.replaceAll('\n', '\\n');
}
