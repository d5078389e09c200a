import { readFileSync, statSync } from 'node:fs';

/**
 * The secrets that a file may hold. Other programs have variables that end in _FILE too, such as
 * SSL_CERT_FILE; JWT_KEYS_FILE is a file that the user service itself reads, again after a change.
 */
export const SECRETS = [
  'USER_DATABASE_URL',
  'PRODUCT_DATABASE_URL',
  'ORDER_DATABASE_URL',
  'PAYMENT_DATABASE_URL',
  'ROUTER_SECRET',
  'PRODUCT_SECRET',
  'ORDER_SECRET',
  'PAYMENT_SECRET',
  'ROUTER_AUTHORIZATION',
  'JWT_PRIVATE_KEY',
  'NATS_URL',
  'REDIS_URL',
  'SIMULATOR_WEBHOOK_SECRET',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
] as const;

/** More than the longest secret, an RSA key in PEM, has. */
const MAX_BYTES = 65_536;

const readSecret = (file: string): string => {
  const { size } = statSync(file);
  if (size > MAX_BYTES) throw new Error(`is larger than ${MAX_BYTES} bytes`);
  // Editors and `echo` end a file with a line break that is not part of the secret.
  return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
};

/** The reason without the path's contents: a secret may have been given in place of a path. */
const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `can't be read (${code})`;
};

/**
 * Reads secrets from files, the convention of Docker's official images: `ORDER_SECRET_FILE` names a
 * file with the value of `ORDER_SECRET`. A line break at its end is dropped. Empty variables count as
 * not set.
 * @returns the variables that were read, and one line for each that could not be, or that is given in
 * both ways
 */
export const readSecretFiles = (
  env: Readonly<Record<string, string | undefined>>,
): { readonly values: Readonly<Record<string, string>>; readonly faults: readonly string[] } => {
  const values: Record<string, string> = {};
  const faults: string[] = [];
  for (const name of SECRETS) {
    const variable = `${name}_FILE`;
    const file = env[variable];
    if (!file) continue;
    try {
      if (env[name]) throw new Error(`is set, and ${name} as well`);
      values[name] = readSecret(file);
    } catch (error) {
      faults.push(`${variable}: ${reasonOf(error)}`);
    }
  }
  return { values, faults };
};
