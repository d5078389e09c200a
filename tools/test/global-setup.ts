import { startThrowAwayPostgres } from '../postgres/throw-away.ts';
import { migrateTemplates } from './migrate-templates.ts';

/**
 * Before the first integration test, if any is to be run: a throw-away Postgres with the templates of
 * all databases, which tests find by TEST_POSTGRES_URL.
 */
export const setup = async (): Promise<void> => {
  const postgres = await startThrowAwayPostgres();
  stopPostgres = () => postgres.stop();
  process.env['TEST_POSTGRES_URL'] = postgres.adminUrl;
  await migrateTemplates(postgres.adminUrl);
};

let stopPostgres = async (): Promise<void> => {};

/** Stops what the set-up started, and removes its data. */
export const teardown = (): Promise<void> => stopPostgres();
