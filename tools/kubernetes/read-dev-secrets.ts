import path from 'node:path';
import { ensureContainerSecrets, readContainerSecret } from '../docker/secrets.ts';
import { collectSecretKeys, makeSecretObjects, type SecretObject } from './make-secret-objects.ts';
import { readRendering } from './rendering.ts';

/** Addresses without a password: the overlay's network policies say who may use them. */
const ADDRESSES = { NATS_URL: 'nats://nats:4222', REDIS_URL: 'redis://redis:6379' };

/** The Secrets of the overlay dev, with the values that the containers of Compose have, too. */
export const readDevSecrets = (): readonly SecretObject[] => {
  const folder = path.resolve(import.meta.dirname, '..', '..', 'docker', 'secrets');
  ensureContainerSecrets(folder);
  const objects = readRendering('dev');
  const keys = [...collectSecretKeys(objects).values()].flatMap((names) => [...names]);
  const fileOf = (key: string) => (key === 'JWT_KEYS' ? path.join('keys', 'keys.json') : key);
  const stored = keys
    .filter((key) => !(key in ADDRESSES))
    .map((key) => [key, readContainerSecret(folder, fileOf(key))]);
  const values = { ...ADDRESSES, ...(Object.fromEntries(stored) as Record<string, string>) };
  return makeSecretObjects(objects, values);
};
