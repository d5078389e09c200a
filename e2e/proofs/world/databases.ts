import { Pool } from 'pg';

/** A database of a world, for those who look at its books. */
export type WorldDatabase = {
  readonly url: string;
  readonly query: <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>;
  readonly close: () => Promise<void>;
};

/** Clones the migrated template of a service under another name. */
export const cloneDatabase = async (
  adminUrl: string,
  service: string,
  world: string,
): Promise<WorldDatabase> => {
  const admin = new Pool({ connectionString: adminUrl, max: 1 });
  const name = `${service}_${world}`;
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template_${service}`);
  await admin.end();
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const pool = new Pool({ connectionString: url.href, max: 2 });
  pool.on('error', () => undefined);
  return {
    url: url.href,
    query: async <Row extends object>(sql: string, values: unknown[] = []) =>
      (await pool.query<Row>(sql, values)).rows,
    close: () => pool.end(),
  };
};
