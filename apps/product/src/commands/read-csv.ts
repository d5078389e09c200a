import { CsvError, parse } from 'csv-parse/sync';
import {
  BrokenFile,
  LINE_END,
  MAX_EXCERPT,
  MAX_ROW_LENGTH,
  type SourceRow,
  type SourceRows,
} from './source-row.ts';

const BARE_QUOTE =
  'a quote stands within a cell: a cell with quotes is quoted, and they are doubled';
const OPEN_QUOTE = 'a quote is opened and never closed';
const TOO_LONG = `has more than ${MAX_ROW_LENGTH} characters: is a quote never closed?`;

const DELIMITERS = [',', ';', '\t'];

/** The most frequent delimiter of the header, outside quotes. */
const findDelimiter = (header: string): string => {
  const plain = header.replaceAll(/"[^"]*"/g, '');
  const count = (delimiter: string) => plain.split(delimiter).length;
  return DELIMITERS.reduce((best, one) => (count(one) > count(best) ? one : best));
};

type Cells = { readonly cells: readonly string[] } | { readonly fault: string };

/** @throws CsvError at a fault of quotes */
const parseRecords = (text: string, delimiter: string): string[][] =>
  parse(text, { delimiter, record_delimiter: '\n', relax_column_count: true });

/** Parses one record. Without quotes there is nothing to parse. */
const readCells = (text: string, delimiter: string): Cells => {
  if (!text.includes('"')) return { cells: text.split(delimiter) };
  try {
    const [cells = [], ...others] = parseRecords(text, delimiter);
    return others.length === 0 ? { cells } : { fault: BARE_QUOTE };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { fault: error.code === 'CSV_QUOTE_NOT_CLOSED' ? OPEN_QUOTE : BARE_QUOTE };
  }
};

/** The lines of a record, and where the next one begins. */
type Extent = { readonly text: string; readonly end: number; readonly lines: number };

/**
 * Finds the end of the record at `from`: the first end of a line with an even number of quotes
 * before it. @returns null when that is not in the text yet
 */
const findExtent = (text: string, from: number, isLast: boolean, isLine = false): Extent | null => {
  const lineEnd = new RegExp(LINE_END, 'g');
  let quotes = 0;
  let lines = 0;
  for (let start = from; ;) {
    lineEnd.lastIndex = start;
    const found = lineEnd.exec(text);
    const stop = found?.index ?? text.length;
    quotes += text.slice(start, stop).split('"').length - 1;
    // The LF of a CR at the end may follow in the next chunk.
    const isCut = !found || (found[0] === '\r' && lineEnd.lastIndex === text.length);
    if (isCut && !isLast) return null;
    const end = found ? lineEnd.lastIndex : text.length;
    lines += found ? 1 : 0;
    if (isLine || quotes % 2 === 0 || (isLast && end === text.length)) {
      return { text: text.slice(from, stop), end, lines };
    }
    start = end;
  }
};

/**
 * Parses all records with quotes together, several times as fast as one at a time.
 * @returns the cells by the start of their record; none when any record is faulty
 */
const parseTogether = (text: string, isLast: boolean, delimiter: string) => {
  const records: [start: number, text: string][] = [];
  for (let at = 0; at < text.length;) {
    const record = findExtent(text, at, isLast);
    if (!record) break;
    if (record.text.includes('"')) records.push([at, record.text]);
    at = record.end;
  }
  try {
    const parsed = parseRecords(records.map(([, record]) => record).join('\n'), delimiter);
    if (parsed.length !== records.length) return new Map<number, string[]>();
    return new Map(records.map(([start], index) => [start, parsed[index] ?? []]));
  } catch (error) {
    if (error instanceof CsvError) return new Map<number, string[]>();
    throw error;
  }
};

/** Says what is wrong with the names of columns; null for nothing. */
export type CheckHeader = (names: readonly string[]) => string | null;

/** Checks the header. @returns the function that makes a row of a record's cells */
const readHeader = (line: number, names: readonly string[], check: CheckHeader) => {
  const columns = names.map((name) => name.trim());
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new BrokenFile(line, `the column ${JSON.stringify(twice)} comes twice`);
  }
  const fault = check(columns);
  if (fault !== null) throw new BrokenFile(line, fault);
  return (at: number, cells: readonly string[]): SourceRow => {
    if (cells.length !== columns.length) {
      const fault = `has ${cells.length} cells, the header has ${columns.length}`;
      return { line: at, value: cells, fault };
    }
    // Without a prototype a column may have any name. An empty cell is a missing value.
    const value = Object.create(null) as Record<string, string | null>;
    columns.forEach((name, index) => {
      if (name !== '') value[name] = cells[index] || null;
    });
    return { line: at, value };
  };
};

/**
 * Reads CSV (RFC 4180; also with `;` or tabs, and lines that end in LF, CR LF or CR) whose first row
 * names the columns. csv-parse gets records, not the file: after a fault of quotes it would lose
 * the rest of the file; here the fault costs one line.
 * @throws BrokenFile at a header that can't be read or that `check` refuses, and at a line that is
 * too long
 */
export async function* readCsv(
  chunks: AsyncIterable<string>,
  check: CheckHeader = () => null,
): SourceRows {
  let text = '';
  let line = 1;
  let delimiter: string | undefined;
  let toRow: ReturnType<typeof readHeader> | undefined;

  const take = (isLast: boolean): SourceRow[] => {
    const rows: SourceRow[] = [];
    const parsed = delimiter === undefined ? null : parseTogether(text, isLast, delimiter);
    let at = 0;
    while (at < text.length) {
      let record = findExtent(text, at, isLast);
      const isTooLong = (record?.end ?? text.length) - at > MAX_ROW_LENGTH;
      if (!record && !isTooLong) break;
      if (record) delimiter ??= record.text.trim() === '' ? undefined : findDelimiter(record.text);
      const cells = parsed?.get(at);
      let read: Cells = { fault: TOO_LONG };
      if (record && !isTooLong) read = cells ? { cells } : readCells(record.text, delimiter ?? ',');
      if ('fault' in read) {
        // The next line may be correct.
        record = findExtent(text, at, isLast, true);
        if (!record) break;
        if (!toRow) throw new BrokenFile(line, read.fault);
        rows.push({ line, value: record.text.slice(0, MAX_EXCERPT), fault: read.fault });
      } else if (record && record.text !== '') {
        if (toRow) rows.push(toRow(line, read.cells));
        else toRow = readHeader(line, read.cells, check);
      }
      if (!record) break;
      at = record.end;
      line += record.lines;
    }
    text = text.slice(at);
    return rows;
  };

  for await (const chunk of chunks) {
    text += chunk;
    yield take(false);
    // What remains is longer than a row, and its first line has no end.
    if (text.length > MAX_ROW_LENGTH) {
      throw new BrokenFile(line, `has more than ${MAX_ROW_LENGTH} characters`);
    }
  }
  yield take(true);
}
