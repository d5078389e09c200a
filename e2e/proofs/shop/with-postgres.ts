import { openPostgres } from '../open-postgres.ts';

/** Runs `work` with a Postgres for `openShop`, which finds it by TEST_POSTGRES_URL. */
export const withPostgres = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  const given = process.env['TEST_POSTGRES_URL'];
  const postgres = await openPostgres();
  try {
    process.env['TEST_POSTGRES_URL'] = postgres.adminUrl;
    return await work();
  } finally {
    if (!given) delete process.env['TEST_POSTGRES_URL'];
    await postgres.close();
  }
};
