import { escapeIdentifier, type Client } from 'pg';

type Column = { readonly name: string; readonly type: string };

/** The tables of a service, parents and children in any order, without the migrations' own. */
const findTables = async (client: Client): Promise<readonly string[]> => {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations'
     ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
};

const findColumns = async (client: Client, table: string): Promise<readonly Column[]> => {
  const { rows } = await client.query<Column>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
     ORDER BY attnum`,
    [table],
  );
  return rows;
};

/** SQL for a value as a literal. A time is written relative to `now()`, in seconds after `$1`. */
const literal = ({ name, type }: Column): string => {
  const column = escapeIdentifier(name);
  if (type !== 'timestamp with time zone') return `quote_nullable(${column}::text)`;
  const seconds = `extract(epoch FROM ${column} - $1::timestamptz)::numeric(12, 3)`;
  return `coalesce('now() + interval ' || quote_literal(${seconds} || ' s'), 'NULL')`;
};

/** The rows of a table as one INSERT; nothing for an empty table. */
const dumpRows = async (
  client: Client,
  table: string,
  columns: readonly Column[],
  stoppedAt: Date,
): Promise<readonly string[]> => {
  const { rows } = await client.query<{ row: string }>(
    `SELECT '(' || concat_ws(', ', ${columns.map(literal).join(', ')}) || ')' AS row,
       $1::timestamptz AS "at" FROM ${table} ORDER BY 1`,
    [stoppedAt],
  );
  if (rows.length === 0) return [];
  const names = columns.map(({ name }) => escapeIdentifier(name)).join(', ');
  return [`INSERT INTO ${table} (${names}) VALUES\n${rows.map(({ row }) => row).join(',\n')};`];
};

/** The next numbers of the tables. */
const dumpSequences = async (client: Client): Promise<readonly string[]> => {
  const { rows } = await client.query<{ name: string; last: string }>(
    `SELECT sequencename AS name, last_value AS last FROM pg_sequences
     WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY 1`,
  );
  return rows.map(({ name, last }) => `SELECT setval('${name}', ${last});`);
};

const JOB_COLUMNS: readonly Column[] = [
  { name: 'payload', type: 'json' },
  { name: 'priority', type: 'smallint' },
  { name: 'run_at', type: 'timestamp with time zone' },
  { name: 'attempts', type: 'smallint' },
  { name: 'max_attempts', type: 'smallint' },
  { name: 'last_error', type: 'text' },
  { name: 'created_at', type: 'timestamp with time zone' },
  { name: 'updated_at', type: 'timestamp with time zone' },
  { name: 'key', type: 'text' },
  { name: 'revision', type: 'integer' },
];

/** The jobs of a service, but for the periodic ones. */
const dumpJobs = async (client: Client, stoppedAt: Date): Promise<readonly string[]> => {
  const { rows: found } = await client.query<{ has: boolean }>(
    `SELECT to_regclass('graphile_worker._private_jobs') IS NOT NULL AS has`,
  );
  if (!found[0]?.has) return [];
  const { rows } = await client.query<{ task: string; row: string }>(
    `SELECT identifier AS task, concat_ws(', ', ${JOB_COLUMNS.map((column) =>
      literal(column).replaceAll(`"${column.name}"`, `jobs."${column.name}"`),
    ).join(', ')}) AS row, $1::timestamptz AS "at"
     FROM graphile_worker._private_jobs AS jobs
     JOIN graphile_worker._private_tasks AS tasks ON tasks.id = jobs.task_id
     WHERE NOT starts_with(identifier, 'forget_') ORDER BY jobs.id`,
    [stoppedAt],
  );
  const tasks = [...new Set(rows.map(({ task }) => task))].toSorted();
  const names = JOB_COLUMNS.map(({ name }) => name).join(', ');
  return [
    ...tasks.map(
      (task) => `INSERT INTO graphile_worker._private_tasks (identifier) VALUES ('${task}');`,
    ),
    ...rows.map(
      ({ task, row }) => `INSERT INTO graphile_worker._private_jobs (task_id, ${names}) VALUES
((SELECT id FROM graphile_worker._private_tasks WHERE identifier = '${task}'), ${row});`,
    ),
  ];
};

/**
 * Writes all rows of a service's database as SQL.
 * @param stoppedAt the time that `now()` stands for in the result
 */
export const dumpDatabase = async (client: Client, stoppedAt: Date): Promise<string> => {
  const parts: string[] = [];
  for (const table of await findTables(client)) {
    const columns = await findColumns(client, table);
    parts.push(...(await dumpRows(client, table, columns, stoppedAt)));
  }
  parts.push(...(await dumpSequences(client)), ...(await dumpJobs(client, stoppedAt)));
  return `${parts.join('\n')}\n`;
};
