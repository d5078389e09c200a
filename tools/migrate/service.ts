import { SERVICES, type ServiceName } from '../services.ts';

/** Whether a word names a service that owns a database. */
export function isService(word: string): word is ServiceName {
  return SERVICES.some((service) => service === word);
}

/** The environment variable with a service's connection URL, such as `USER_DATABASE_URL`. */
export function databaseUrlVariable(service: ServiceName): string {
  return `${service.toUpperCase()}_DATABASE_URL`;
}

/**
 * The connection URL of each service, in the order given.
 * Throws one error that names every variable that is missing.
 */
export function databaseUrls(
  services: readonly ServiceName[],
  env: NodeJS.ProcessEnv,
): { service: ServiceName; databaseUrl: string }[] {
  const missing = services.map(databaseUrlVariable).filter((variable) => !env[variable]);
  if (missing.length > 0) {
    throw new Error(`not set: ${missing.join(', ')}`);
  }
  return services.map((service) => ({
    service,
    databaseUrl: env[databaseUrlVariable(service)] ?? '',
  }));
}
