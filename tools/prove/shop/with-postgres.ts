import { startThrowAwayPostgres } from '../../postgres/throw-away.ts';
import { migrateTemplates } from '../../test/migrate-templates.ts';

/** Runs `work` with a throw-away Postgres for `openShop`, or with the one that tests were given. */
export const withPostgres = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  if (process.env['TEST_POSTGRES_URL']) return work();
  const postgres = await startThrowAwayPostgres();
  try {
    await migrateTemplates(postgres.adminUrl);
    process.env['TEST_POSTGRES_URL'] = postgres.adminUrl;
    return await work();
  } finally {
    delete process.env['TEST_POSTGRES_URL'];
    await postgres.stop();
  }
};
