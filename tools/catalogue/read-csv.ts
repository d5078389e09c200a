import { parse, type Parser } from 'csv-parse';
import { BrokenFile, MAX_ROW_LENGTH, type SourceRow, type SourceRows } from './source-row.ts';

const DELIMITERS = [',', ';', '\t'];

const QUOTE = 34;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Finds the lines that records begin on. The parser does not tell: it counts line ends of one
 * kind, and a cell often has the other.
 */
const makeRecordLines = () => {
  const begun: number[] = [];
  let line = 1;
  let isQuoted = false;
  let isInRecord = false;
  return {
    scan: (text: string) => {
      for (let at = 0; at < text.length; at += 1) {
        const code = text.charCodeAt(at);
        if (code === LINE_FEED) {
          line += 1;
          if (!isQuoted) isInRecord = false;
        } else if (!isInRecord && code !== CARRIAGE_RETURN) {
          isInRecord = true;
          begun.push(line);
        }
        // A quote within quotes is doubled: it ends them and begins them again.
        if (code === QUOTE) isQuoted = !isQuoted;
      }
    },
    /** The line of the next record; when all were taken, the one where the text stands. */
    take: () => begun.shift() ?? line,
  };
};

/** The delimiter that the header has most of, not counting what is quoted. */
const findDelimiter = (header: string): string => {
  const bare = header.replaceAll(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
};

const CELL_FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_MAX_RECORD_SIZE: `has more than ${MAX_ROW_LENGTH} characters: is a quote never closed?`,
};

const describe = (error: unknown): string =>
  CELL_FAULTS[(error as { code?: string }).code ?? ''] ??
  'a quote stands within a cell: a cell with quotes is quoted, and they are doubled';

/** The header's names, and the function that makes an object of a record. */
const readHeader = (line: number, names: readonly string[]) => {
  const columns = names.map((name) => name.trim());
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new BrokenFile(line, `the column ${JSON.stringify(twice)} comes twice`);
  }
  return (at: number, cells: readonly string[]): SourceRow => {
    if (cells.length !== columns.length) {
      const fault = `has ${cells.length} cells, the header has ${columns.length}`;
      return { line: at, value: cells, fault };
    }
    // Without a prototype a column may have any name. An empty cell is a value that is not there.
    const value = Object.create(null) as Record<string, string | null>;
    columns.forEach((name, index) => {
      if (name !== '') value[name] = cells[index] || null;
    });
    return { line: at, value };
  };
};

/** A parser that hands its records over as soon as it has them, and keeps none. */
const openParser = (delimiter: string, onRecord: (cells: string[]) => void) => {
  const parser: Parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_LENGTH,
    on_record: (cells: string[]) => {
      onRecord(cells);
      return null;
    },
  });
  parser.on('error', () => {});
  const settle = (begin: (done: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => {
      begin((error) => (error ? reject(error) : resolve()));
    });
  return {
    write: (text: string) => settle((done) => void parser.write(text, done)),
    end: () => settle((done) => void parser.end(done)),
  };
};

/**
 * Reads CSV (RFC 4180, also with `;` or tabs) whose first row names the columns.
 * @throws BrokenFile at the first fault of quotes; the rows before it are given out first
 */
export async function* readCsv(chunks: AsyncIterable<string>): SourceRows {
  const lines = makeRecordLines();
  let rows: SourceRow[] = [];
  let toRow: ReturnType<typeof readHeader> | undefined;
  let refusal: Error | undefined;
  const onRecord = (cells: string[]): void => {
    const line = lines.take();
    try {
      if (toRow) rows.push(toRow(line, cells));
      else toRow = readHeader(line, cells);
    } catch (error) {
      refusal ??= error as Error;
    }
  };
  let parser: ReturnType<typeof openParser> | undefined;
  let begun = '';
  const finish = async (
    work: Promise<void>,
  ): Promise<{ rows: SourceRow[]; error: Error | undefined }> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => new BrokenFile(lines.take(), describe(reason)),
    );
    const done = rows;
    rows = [];
    return { rows: done, error: refusal ?? error };
  };
  const feed = (text: string) => {
    parser ??= openParser(findDelimiter(/\S.*/.exec(text)?.[0] ?? ''), onRecord);
    lines.scan(text);
    return finish(parser.write(text));
  };
  for await (const chunk of chunks) {
    begun += chunk;
    if (!parser && !begun.trimStart().includes('\n') && begun.length < MAX_ROW_LENGTH) continue;
    const { rows: done, error } = await feed(begun);
    begun = '';
    yield done;
    if (error !== undefined) throw error;
  }
  for (const work of [() => feed(begun), () => finish(parser?.end() ?? Promise.resolve())]) {
    const { rows: done, error } = await work();
    yield done;
    if (error !== undefined) throw error;
  }
}
