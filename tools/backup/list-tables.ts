import type { ClientBase } from 'pg';

/** A table of a service, and the columns that are copied: generated ones are not. */
export type Table = { readonly name: string; readonly columns: readonly string[] };

type TableRow = Table & { readonly parents: readonly string[] };

const TABLES = `
  SELECT relname AS name,
    ARRAY(
      SELECT attname::text FROM pg_attribute
      WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
      ORDER BY attnum
    ) AS columns,
    ARRAY(
      SELECT parent.relname::text FROM pg_constraint JOIN pg_class AS parent ON parent.oid = confrelid
      WHERE conrelid = pg_class.oid AND contype = 'f' AND confrelid <> conrelid
    ) AS parents
  FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations'
  ORDER BY relname`;

/**
 * Lists the tables of a service, without the history of its migrations; a table comes after those that
 * its foreign keys name. The tables of its jobs are in a schema of their own.
 * @throws when foreign keys form a circle
 */
export const listTables = async (client: ClientBase): Promise<readonly Table[]> => {
  const { rows } = await client.query<TableRow>(TABLES);
  const sorted: Table[] = [];
  const done = new Set<string>();
  while (sorted.length < rows.length) {
    const next = rows.filter(
      ({ name, parents }) => !done.has(name) && parents.every((parent) => done.has(parent)),
    );
    if (next.length === 0) throw new Error('foreign keys form a circle');
    for (const { name, columns } of next) {
      sorted.push({ name, columns });
      done.add(name);
    }
  }
  return sorted;
};

/** The last number that each sequence gave out; those that gave out none are left out. */
export const readSequences = async (client: ClientBase): Promise<Record<string, string>> => {
  const { rows } = await client.query<{ name: string; last: string }>(
    `SELECT sequencename AS name, last_value::text AS last FROM pg_sequences
     WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY 1`,
  );
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]));
};

/** The names of the migrations that a database has. */
export const readMigrations = async (client: ClientBase): Promise<readonly string[]> => {
  const { rows } = await client.query<{ name: string }>(
    `SELECT migration_name AS name FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
};
