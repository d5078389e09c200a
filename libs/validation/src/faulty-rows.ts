/** Receives each row that a response leaves out, and the reason. */
export type ReportFault = (row: {
  readonly table: string;
  readonly id: string;
  readonly fault: string;
}) => void;

/** RFC 3339 writes a year with four digits (section 5.6). */
const MAX_YEAR = 9_999;

/** Whether RFC 3339 can write this date. Postgres also has `infinity` and longer years. */
export const isDisplayDate = (date: Date): boolean => {
  const year = date.getUTCFullYear();
  return year >= 0 && year <= MAX_YEAR;
};

/** The fault of a row's dates; null when RFC 3339 can write all of them. */
export const findDateFault = (dates: readonly (Date | null)[]): string | null =>
  dates.every((date) => date === null || isDisplayDate(date)) ? null : 'a date is not valid';

/**
 * Makes a filter that leaves faulty rows out of a response. The shop does not write such rows, but
 * manual SQL or a newer version may have. One faulty row must not fail the whole list.
 * @param findFault the reason why a row cannot be displayed; null when it can
 */
export const makeRowFilter =
  <Row>(
    report: ReportFault,
    rows: {
      readonly table: string;
      readonly idOf: (row: Row) => string;
      readonly findFault: (row: Row) => string | null;
    },
  ): ((row: Row) => boolean) =>
  (row) => {
    const fault = rows.findFault(row);
    if (fault !== null) report({ table: rows.table, id: rows.idOf(row), fault });
    return fault === null;
  };

/**
 * Makes a reader of rows by key that tolerates a row which Prisma cannot read. It bisects the keys
 * until that row is alone, then leaves it out and reports it.
 * @param rows.isUnreadable whether a read failed because of the data in a row
 */
export const makeRowIsolatingReader = <Row>(
  report: ReportFault,
  rows: {
    readonly table: string;
    readonly find: (keys: readonly string[]) => Promise<readonly Row[]>;
    readonly isUnreadable: (error: unknown) => boolean;
  },
): ((keys: readonly string[]) => Promise<readonly Row[]>) => {
  const read = async (keys: readonly string[]): Promise<readonly Row[]> => {
    try {
      return await rows.find(keys);
    } catch (error) {
      const [id] = keys;
      if (id === undefined || !rows.isUnreadable(error)) throw error;
      if (keys.length === 1) {
        report({ table: rows.table, id, fault: 'has a value that this version does not know' });
        return [];
      }
      const middle = Math.ceil(keys.length / 2);
      return [...(await read(keys.slice(0, middle))), ...(await read(keys.slice(middle)))];
    }
  };
  return read;
};
