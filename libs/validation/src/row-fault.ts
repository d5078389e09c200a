/** Receives each row that is left out of an answer because it can't be shown, and why. */
export type ReportFault = (row: {
  readonly table: string;
  readonly id: string;
  readonly fault: string;
}) => void;

/** The years that RFC 3339 can write (section 5.6: four digits). */
const MAX_YEAR = 9_999;

/** Whether an answer can say this time: Postgres has `infinity`, and years of more digits. */
export const isDisplayDate = (date: Date): boolean => {
  const year = date.getUTCFullYear();
  return year >= 0 && year <= MAX_YEAR;
};

/** What is wrong with the times of a stored row; null when all can be shown. */
export const findDateFault = (dates: readonly (Date | null)[]): string | null =>
  dates.every((date) => date === null || isDisplayDate(date)) ? null : 'a date is not valid';

/**
 * Makes the filter of rows for an answer. No rule of ours lets a faulty row in, but SQL from outside,
 * or another version, may have: it must not fail the list that it is in.
 * @param findFault why a row can't be shown; null when it can
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
 * Makes a reader of rows by key that survives a row which fails the read of all: what is asked for is
 * halved until that row is alone, which is then left out and reported.
 * @param rows.isUnreadable whether a read failed for what is in a row, and not for the database
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
