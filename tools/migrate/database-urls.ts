import { CommandFailure, EXIT } from '@cartograph/command';
import { type ServiceName, variableOf } from '../services.ts';

/** A service and the address of its database, with role and password in it. */
export interface ServiceDatabase {
  readonly service: ServiceName;
  readonly databaseUrl: string;
}

/**
 * Reads the `<NAME>_DATABASE_URL` of services.
 * @throws CommandFailure that names every variable that is missing or is no address of a Postgres
 */
export const readDatabaseUrls = (
  services: readonly ServiceName[],
  environment: Readonly<Record<string, string | undefined>>,
): ServiceDatabase[] => {
  const databases = services.map((service) => {
    return { service, databaseUrl: environment[variableOf(service, 'DATABASE_URL')] ?? '' };
  });
  const faults = databases.flatMap(({ service, databaseUrl }) => {
    const variable = variableOf(service, 'DATABASE_URL');
    if (!databaseUrl) return `${variable} is not set.`;
    const isUrl = URL.canParse(databaseUrl) && /^postgres(?:ql)?:/.test(databaseUrl);
    return isUrl ? [] : `${variable} is not of the form postgres://user:password@host/database.`;
  });
  if (faults.length > 0) throw new CommandFailure(EXIT.failed, faults.join('\n'));
  return databases;
};
