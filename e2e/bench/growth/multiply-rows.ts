import pg from 'pg';
import type { RowTemplate } from '../floor/row-template.ts';

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g;

/** SQL expressions of `i`, the number of the copy: one for each id that is not simply new. */
export type IdExpressions = ReadonlyMap<string, string>;

/** Copies are a second apart and end here, so that their ids (version 7) and those of new rows are in order. */
const END = `(extract(epoch FROM now()) * 1000)::bigint - 86400000`;

/** The SQL of an id of version 7 (RFC 9562, 5.7) for each copy, the same wherever `id` stands. */
const newId = (id: string): string =>
  `(lpad(to_hex(${END} - ($1::bigint - i) * 1000), 12, '0') || '7' ||
    substr(md5(i || ${pg.escapeLiteral(id)}), 1, 3) || '8' ||
    substr(md5(i || ${pg.escapeLiteral(id)}), 4, 15))::uuid::text`;

/** The SQL of one value of a copy. */
const expressionOf = (
  value: unknown,
  column: RowTemplate['columns'][number] | undefined,
  ids: IdExpressions,
): string => {
  if (value === null || value === undefined) return 'NULL';
  const isText = typeof value === 'string' && column?.isJson !== true;
  const text = isText ? value : JSON.stringify(value);
  const found = [...new Set(text.match(UUID) ?? [])];
  const literal = pg.escapeLiteral(text);
  if (found.length === 0) return column?.isUniqueText ? `${literal} || '-' || i` : literal;
  return found.reduce(
    (sql, id) => `replace(${sql}, ${pg.escapeLiteral(id)}, ${ids.get(id) ?? newId(id)})`,
    literal,
  );
};

/**
 * Makes the statement that copies the rows of one table, with ids that agree with those of the other
 * tables and databases. It takes the number of copies.
 * @param types of the columns, for casts
 */
export const multiplyRows = (
  { table, columns, rows }: RowTemplate,
  types: readonly string[],
  ids: IdExpressions,
): string => {
  const names = columns.map(({ name }) => pg.escapeIdentifier(name)).join(', ');
  const selects = rows.map((row) => {
    const values = row.map(
      (value, index) => `(${expressionOf(value, columns[index], ids)})::${types[index]}`,
    );
    return `SELECT ${values.join(', ')} FROM copies`;
  });
  return `WITH copies AS (SELECT generate_series(1, $1::bigint) AS i)
    INSERT INTO ${pg.escapeIdentifier(table)} (${names}) ${selects.join(' UNION ALL ')}`;
};
