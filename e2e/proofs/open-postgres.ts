import { startThrowAwayPostgres } from '../../tools/postgres/throw-away.ts';
import { migrateTemplates } from '../../tools/test/migrate-templates.ts';

/**
 * A Postgres with the databases' templates: a throw-away one, or the one that tests were given.
 * @returns the address of its superuser
 */
export const openPostgres = async (): Promise<{
  readonly adminUrl: string;
  readonly close: () => Promise<void>;
}> => {
  const given = process.env['TEST_POSTGRES_URL'];
  if (given) return { adminUrl: given, close: async () => undefined };
  const postgres = await startThrowAwayPostgres();
  const { adminUrl } = postgres;
  try {
    await migrateTemplates(adminUrl);
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return { adminUrl, close: () => postgres.stop() };
};
