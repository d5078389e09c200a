import path from 'node:path';
import { completeEnvironment, readGiven } from '../start/environment.ts';
import { ensureSecrets } from '../start/secrets.ts';
import { readSettings } from '../start/settings.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** The environment that `npm start` gives its processes, so that a command finds the same shop. */
export const readShopEnvironment = (): Readonly<Record<string, string>> => {
  const given = readGiven(root, process.env);
  const settings = readSettings(given, root);
  return completeEnvironment(given, settings, ensureSecrets(settings.stateDir));
};
