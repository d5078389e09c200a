import type { Env } from '@cartograph/config';
import { z } from 'zod';
import { APPS, type AppName } from '../services.ts';

/** The configuration of an app, as `apps/<app>/src/config.ts` exports it. */
export type AppConfig = {
  readonly app: AppName;
  /** The variables that the app reads, from `<app>Env`. */
  readonly fields: Readonly<Record<string, z.ZodType>>;
  /** @throws ConfigError that names every variable that is missing or not valid */
  readonly readConfig: (env: Env) => unknown;
};

const loadApp = async (app: AppName): Promise<AppConfig> => {
  const file = `../../apps/${app}/src/config.ts`;
  const { readConfig, ...exported } = (await import(file)) as Record<string, unknown>;
  const schema = exported[`${app}Env`];
  if (!(schema instanceof z.ZodObject) || typeof readConfig !== 'function') {
    throw new Error(`apps/${app}/src/config.ts does not export ${app}Env and readConfig`);
  }
  const fields = schema.shape as AppConfig['fields'];
  return { app, fields, readConfig: readConfig as AppConfig['readConfig'] };
};

/** Loads the configurations of all apps, also of one that was added by `npm run new:subgraph`. */
export const loadApps = (): Promise<readonly AppConfig[]> => Promise.all(APPS.map(loadApp));
