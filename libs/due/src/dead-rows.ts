import { escapeIdentifier, type ClientBase } from 'pg';

/** A row whose step failed for too long: it stays as it is until an operator retries it. */
export type DeadRow = {
  readonly table: string;
  /** Its primary key; the values of several columns are separated by spaces. */
  readonly id: string;
  /** When the step first failed. */
  readonly since: Date;
  readonly attempts: number;
  readonly lastError: string | null;
};

/** The most dead rows of a table that are listed, oldest first. */
const MAX_LISTED = 1_000;

type DueTableName = { readonly name: string; readonly key: readonly string[] };

/** The tables with due rows, with the columns of their primary keys. */
const findDueTables = async (client: ClientBase): Promise<readonly DueTableName[]> => {
  const { rows } = await client.query<DueTableName>(
    `SELECT relname AS name, array_agg(keys.attname ORDER BY place)::text[] AS key
     FROM pg_class
     JOIN pg_index ON indrelid = pg_class.oid AND indisprimary
     CROSS JOIN unnest(indkey::int2[]) WITH ORDINALITY AS columns(number, place)
     JOIN pg_attribute AS keys ON keys.attrelid = pg_class.oid AND keys.attnum = columns.number
     WHERE relnamespace = current_schema()::regnamespace AND EXISTS (
       SELECT 1 FROM pg_attribute
       WHERE attrelid = pg_class.oid AND attname = 'dead_at' AND NOT attisdropped)
     GROUP BY relname ORDER BY relname`,
  );
  return rows;
};

/** The dead rows of one database, by table, oldest first. */
export const listDeadRows = async (client: ClientBase): Promise<readonly DeadRow[]> => {
  const found: DeadRow[] = [];
  for (const { name, key } of await findDueTables(client)) {
    const id = key.map((column) => `${escapeIdentifier(column)}::text`).join(', ');
    const { rows } = await client.query<DeadRow>(
      `SELECT $1::text AS table, concat_ws(' ', ${id}) AS id, coalesce(due_since, dead_at) AS since,
         due_attempts AS attempts, due_error AS "lastError"
       FROM ${escapeIdentifier(name)} WHERE dead_at IS NOT NULL
       ORDER BY dead_at LIMIT ${MAX_LISTED}`,
      [name],
    );
    found.push(...rows);
  }
  return found;
};

/**
 * Makes the dead rows of one database due now, with all their attempts and a new retry window.
 * @returns how many there were
 */
export const retryDeadRows = async (client: ClientBase): Promise<number> => {
  let retried = 0;
  for (const { name } of await findDueTables(client)) {
    const { rowCount } = await client.query(
      `UPDATE ${escapeIdentifier(name)}
       SET dead_at = NULL, due_at = now(), due_attempts = 0, due_since = NULL
       WHERE dead_at IS NOT NULL`,
    );
    retried += rowCount ?? 0;
  }
  return retried;
};
