import type pg from 'pg';
import type { Column, RowTemplate } from './row-template.ts';

/**
 * Not of the shop: the simulator stands for another company, and workers and migrations have tables
 * of their own.
 */
const OTHERS = String.raw`^(simulator_|_prisma|event_inbox)`;

const COLUMNS = `
SELECT c.relname AS table, json_agg(json_build_object(
  'name', a.attname,
  'isJson', a.atttypid IN ('json'::regtype, 'jsonb'::regtype),
  'isUniqueText', a.atttypid = 'text'::regtype AND EXISTS (
    SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY (i.indkey)
  )) ORDER BY a.attnum) AS columns
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname !~ $1
  -- The database makes numbers and generated columns.
  AND a.attidentity = '' AND a.attgenerated = ''
  AND coalesce(pg_get_expr(d.adbin, d.adrelid), '') !~ '^nextval'
GROUP BY 1`;

/** Makes empty copies of the templates' tables, with indexes and checks, in the schema `floor`. */
export const makeCopies = async (
  client: pg.Client,
  templates: readonly RowTemplate[],
): Promise<void> => {
  await client.query('CREATE SCHEMA floor');
  for (const { table } of templates) {
    await client.query(`CREATE TABLE floor."${table}" (LIKE public."${table}" INCLUDING ALL)`);
  }
};

/** Finds the rows of one database that name an order or its payment. */
export const readTemplates = async (
  client: pg.Client,
  ids: readonly string[],
): Promise<readonly RowTemplate[]> => {
  const { rows: tables } = await client.query<{ table: string; columns: Column[] }>(COLUMNS, [
    OTHERS,
  ]);
  const templates: RowTemplate[] = [];
  for (const { table, columns } of tables) {
    const { rows } = await client.query<{ row: Record<string, unknown> }>(
      `SELECT to_jsonb(t) AS row FROM public."${table}" t WHERE t::text LIKE ANY ($1)`,
      [ids.map((id) => `%${id}%`)],
    );
    if (rows.length === 0) continue;
    templates.push({
      table,
      columns,
      rows: rows.map(({ row }) => columns.map(({ name }) => row[name])),
    });
  }
  return templates;
};
