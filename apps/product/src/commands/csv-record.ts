import { countLineEnds } from './line-ends.ts';
import { MAX_ROW_LENGTH } from './source-row.ts';

/** A record of a CSV, and where the next one begins. */
export type CsvRecord = {
  readonly cells: readonly string[];
  /** Why it is none. Its cells are then the text of its first line, and the next line is next. */
  readonly fault?: string;
  readonly end: number;
  /** How many lines it goes over. */
  readonly lines: number;
};

const BARE_QUOTE =
  'a quote stands within a cell: a cell with quotes is quoted, and they are doubled';
const OPEN_QUOTE = 'a quote is opened and never closed';
const TOO_LONG = `has more than ${MAX_ROW_LENGTH} characters: is a quote never closed?`;

/** Enough of a line to see what is wrong with it. */
const MAX_QUOTED = 2_000;

/** What a reader of one delimiter found: a cell and where it ends, or a fault; null for neither. */
type Cell = { readonly text: string; readonly end: number } | { readonly fault: string } | null;

const isLineEnd = (char: string | undefined): boolean => char === '\n' || char === '\r';

/**
 * Makes the function that reads the record (RFC 4180) that begins at a place of a text.
 * @returns the function; its result is null where the record may continue beyond the text
 */
export const makeRecordReader = (delimiter: string) => {
  const stop = new RegExp(`[${delimiter}"\\r\\n]`, 'g');

  const readPlain = (text: string, from: number, isLast: boolean): Cell => {
    stop.lastIndex = from;
    const end = stop.exec(text)?.index ?? (isLast ? text.length : null);
    if (end === null) return null;
    return text[end] === '"' ? { fault: BARE_QUOTE } : { text: text.slice(from, end), end };
  };

  const readQuoted = (text: string, from: number, isLast: boolean): Cell => {
    let quote = text.indexOf('"', from + 1);
    // A quote within quotes is doubled.
    while (quote !== -1 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2);
    const end = quote + 1;
    if (quote === -1) return isLast ? { fault: OPEN_QUOTE } : null;
    if (end === text.length && !isLast) return null;
    const isEnded = end === text.length || text[end] === delimiter || isLineEnd(text[end]);
    if (!isEnded) return { fault: BARE_QUOTE };
    return { text: text.slice(from + 1, quote).replaceAll('""', '"'), end };
  };

  /** The line that a faulty record begins with: what comes after it may be right. */
  const skipLine = (text: string, from: number, fault: string, isLast: boolean) => {
    const found = /\r\n|\n|\r/g;
    found.lastIndex = from;
    const match = found.exec(text);
    if (!match && !isLast) return null;
    // The LF of this CR may be still to come.
    if (match?.[0] === '\r' && found.lastIndex === text.length && !isLast) return null;
    const line = text.slice(from, match?.index ?? text.length);
    const end = match ? found.lastIndex : text.length;
    return { cells: [line.slice(0, MAX_QUOTED)], fault, end, lines: match ? 1 : 0 };
  };

  return (text: string, from: number, isLast: boolean): CsvRecord | null => {
    const cells: string[] = [];
    let at = from;
    for (;;) {
      const cell = (text[at] === '"' ? readQuoted : readPlain)(text, at, isLast);
      if (cell === null) {
        return text.length - from > MAX_ROW_LENGTH ? skipLine(text, from, TOO_LONG, isLast) : null;
      }
      if ('fault' in cell) return skipLine(text, from, cell.fault, isLast);
      cells.push(cell.text);
      at = cell.end;
      if (text[at] !== delimiter) break;
      at += 1;
    }
    if (text[at] === '\r' && at + 1 === text.length && !isLast) return null;
    const end = Math.min(text.length, at + (text.startsWith('\r\n', at) ? 2 : 1));
    return { cells, end, lines: countLineEnds(text.slice(from, end)) };
  };
};
