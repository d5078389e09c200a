import { SUBGRAPHS } from '@cartograph/auth';

/**
 * The services that own a database each: `apps/<name>/`, `prisma/<name>/`, `<NAME>_DATABASE_URL`.
 * They are migrated in this order.
 */
export const SERVICES = SUBGRAPHS;

export type ServiceName = (typeof SERVICES)[number];

const FIRST_PORT = 4001;

/** The port of a service, unless the environment sets another one. */
export const portOf = (service: ServiceName): number => FIRST_PORT + SERVICES.indexOf(service);
