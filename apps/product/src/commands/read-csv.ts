import { makeRecordReader, type CsvRecord } from './csv-record.ts';
import { LINE_END } from './line-ends.ts';
import { BrokenFile, MAX_ROW_LENGTH, type SourceRow, type SourceRows } from './source-row.ts';

const DELIMITERS = [',', ';', '\t'];

/** The delimiter that the header has most of, not counting what is quoted. */
const findDelimiter = (header: string): string => {
  const plain = header.replaceAll(/"[^"]*"/g, '');
  const count = (delimiter: string) => plain.split(delimiter).length;
  return DELIMITERS.reduce((best, one) => (count(one) > count(best) ? one : best));
};

/** The header's names, and the function that makes an object of a record. */
const readHeader = (line: number, { cells: names, fault }: CsvRecord) => {
  if (fault !== undefined) throw new BrokenFile(line, fault);
  const columns = names.map((name) => name.trim());
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new BrokenFile(line, `the column ${JSON.stringify(twice)} comes twice`);
  }
  return (at: number, { cells, fault }: CsvRecord): SourceRow => {
    if (fault !== undefined) return { line: at, value: cells[0], fault };
    if (cells.length !== columns.length) {
      const reason = `has ${cells.length} cells, the header has ${columns.length}`;
      return { line: at, value: cells, fault: reason };
    }
    // Without a prototype a column may have any name. An empty cell is a value that is not there.
    const value = Object.create(null) as Record<string, string | null>;
    columns.forEach((name, index) => {
      if (name !== '') value[name] = cells[index] || null;
    });
    return { line: at, value };
  };
};

/** An empty line is none; one of an empty cell in quotes is. */
const isEmpty = (text: string, from: number, { cells, fault }: CsvRecord): boolean =>
  fault === undefined && cells.length === 1 && cells[0] === '' && text[from] !== '"';

/**
 * Reads CSV (RFC 4180, also with `;` or tabs, and lines that end in LF, CR LF or CR) whose first row
 * names the columns. A line with a fault of quotes is one bad row: reading continues with the next
 * line. The parsers that there are skip all that the fault makes of the lines after it.
 * @throws BrokenFile at a header that can't be read, and where a line has no end in sight
 */
export async function* readCsv(chunks: AsyncIterable<string>): SourceRows {
  let text = '';
  let line = 1;
  let readRecord: ReturnType<typeof makeRecordReader> | undefined;
  let toRow: ReturnType<typeof readHeader> | undefined;

  const isHeaderWhole = (): boolean => LINE_END.test(text.trimStart());
  const take = (isLast: boolean): SourceRow[] => {
    if (!readRecord && !isLast && !isHeaderWhole() && text.length <= MAX_ROW_LENGTH) return [];
    readRecord ??= makeRecordReader(findDelimiter(/\S.*/.exec(text)?.[0] ?? ''));
    const rows: SourceRow[] = [];
    let at = 0;
    while (at < text.length) {
      const record = readRecord(text, at, isLast);
      if (!record) break;
      if (!isEmpty(text, at, record)) {
        if (toRow) rows.push(toRow(line, record));
        else toRow = readHeader(line, record);
      }
      at = record.end;
      line += record.lines;
    }
    text = text.slice(at);
    return rows;
  };

  for await (const chunk of chunks) {
    text += chunk;
    yield take(false);
    // A record that is too long is skipped by its first line: what is left has no end of a line.
    if (text.length > MAX_ROW_LENGTH) {
      throw new BrokenFile(line, `has more than ${MAX_ROW_LENGTH} characters`);
    }
  }
  yield take(true);
}
