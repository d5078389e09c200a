import { SUBGRAPHS } from '@cartograph/auth';

/**
 * The services that own a database each: `apps/<name>/`, `prisma/<name>/`, `<NAME>_DATABASE_URL`.
 * They are migrated in this order.
 */
export const SERVICES = SUBGRAPHS;

export type ServiceName = (typeof SERVICES)[number];

/** The processes of the shop, each `apps/<name>/src/main.ts`. */
export const APPS = [...SERVICES, 'router', 'rest'] as const;

export type AppName = (typeof APPS)[number];

const FIRST_PORT = 4001;

/** The port of a service, unless the environment sets another one. */
export const portOf = (service: ServiceName): number => FIRST_PORT + SERVICES.indexOf(service);

/** The environment variable of a service or process: `variableOf('user', 'PORT')` is `USER_PORT`. */
export const variableOf = <Suffix extends string>(
  name: AppName | 'postgres',
  suffix: Suffix,
): `${Uppercase<AppName | 'postgres'>}_${Suffix}` =>
  `${name.toUpperCase() as Uppercase<AppName | 'postgres'>}_${suffix}`;
