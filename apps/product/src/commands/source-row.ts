/** One row of a file, not validated yet. */
export type SourceRow = {
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** The parsed row: an object, if the file is correct. */
  readonly value: unknown;
  /** Why it can't be parsed. */
  readonly fault?: string;
};

/** Rows in the order of the file, in groups. */
export type SourceRows = AsyncGenerator<readonly SourceRow[], void, undefined>;

/** The rest of the file can't be read. The rows before are valid. */
export class BrokenFile extends Error {
  override readonly name = 'BrokenFile';
  readonly line: number;

  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`);
    this.line = line;
  }
}

/** The longest row in characters: it bounds the memory that a missing quote can take. */
export const MAX_ROW_LENGTH = 1_000_000;

/** How much of a faulty row is reported. */
export const MAX_EXCERPT = 2_000;

/** The end of a line: LF, CR LF, or CR of old spreadsheets. */
export const LINE_END = /\r\n|\n|\r/;
