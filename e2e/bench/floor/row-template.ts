/** The rows that one purchase leaves in one table, and how they are written again. */
export type RowTemplate = {
  readonly table: string;
  readonly columns: readonly Column[];
  /** One value for each column. */
  readonly rows: readonly (readonly unknown[])[];
};

export type Column = {
  readonly name: string;
  readonly isJson: boolean;
  /** A text that no other row may have. */
  readonly isUniqueText: boolean;
};

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g;

/** The statement that inserts all rows of a template into the table's copy. */
export const insertOf = ({ table, columns, rows }: RowTemplate): string => {
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const values = rows.map((_, row) => {
    const numbers = columns.map((__, column) => `$${row * columns.length + column + 1}`);
    return `(${numbers.join(', ')})`;
  });
  return `INSERT INTO floor."${table}" (${names}) VALUES ${values.join(', ')}`;
};

/** Maps each id to a new one, always the same. */
export const makeIdMap = (makeId: () => string): ((text: string) => string) => {
  const known = new Map<string, string>();
  return (text) =>
    text.replaceAll(UUID, (id) => {
      const mapped = known.get(id) ?? makeId();
      known.set(id, mapped);
      return mapped;
    });
};

/**
 * The parameters of `insertOf`: the rows with other ids, and other texts where they must be unique.
 * @param suffix makes a text unique that contains no id
 */
export const parametersOf = (
  { columns, rows }: RowTemplate,
  mapIds: (text: string) => string,
  suffix: string,
): unknown[] =>
  rows.flatMap((row) =>
    row.map((value, index) => {
      if (value === null || value === undefined) return null;
      const column = columns[index];
      if (column?.isJson) return mapIds(JSON.stringify(value));
      if (typeof value !== 'string') return value;
      const mapped = mapIds(value);
      return column?.isUniqueText && mapped === value ? `${value}${suffix}` : mapped;
    }),
  );
