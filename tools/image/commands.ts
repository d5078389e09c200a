import type { AppName } from '../services.ts';

/** A command of an image: the file that runs, and the images that have it. */
type ImageCommand = {
  readonly fileOf: (app: AppName) => string;
  readonly apps: readonly AppName[];
};

const SERVICES: readonly AppName[] = ['user', 'product', 'order', 'payment'];

const commands: Readonly<Record<string, ImageCommand>> = {
  migrate: { fileOf: () => 'tools/image/migrate.ts', apps: SERVICES },
  healthcheck: {
    fileOf: () => 'tools/image/healthcheck.ts',
    apps: [...SERVICES, 'router', 'rest'],
  },
  catalogue: { fileOf: () => 'apps/product/src/commands/main.ts', apps: ['product'] },
  keys: { fileOf: () => 'apps/user/src/commands/keys.ts', apps: ['user'] },
  grant: { fileOf: () => 'apps/user/src/commands/grant.ts', apps: ['user'] },
  jobs: {
    fileOf: (app) => `apps/${app}/src/commands/jobs.ts`,
    apps: ['product', 'order', 'payment'],
  },
};

/**
 * The commands of an app's image, `docker run IMAGE <command>`: by name, the file that runs, relative
 * to the repository. Without a command the image runs `appFile`.
 */
export const commandsOf = (app: AppName): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(commands)
      .filter(([, { apps }]) => apps.includes(app))
      .map(([name, { fileOf }]) => [name, fileOf(app)]),
  );

/** The entry point of an app, relative to the repository. */
export const appFile = (app: AppName): string => `apps/${app}/src/main.ts`;
