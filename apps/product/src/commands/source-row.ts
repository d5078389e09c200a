/** One row of a file, before anything of it is believed. */
export type SourceRow = {
  /** The line that it begins on, from 1. */
  readonly line: number;
  /** What the format makes of it: an object, if all is well. */
  readonly value: unknown;
  /** Why it is no row at all, where the format can tell. */
  readonly fault?: string;
};

/** Rows in the order of the file, as many at a time as came together. */
export type SourceRows = AsyncGenerator<readonly SourceRow[], void, undefined>;

/** From here on the file can't be read. What was read before is good. */
export class BrokenFile extends Error {
  override readonly name = 'BrokenFile';
  readonly line: number;

  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`);
    this.line = line;
  }
}

/** More than any product has; without a bound, a quote that is never closed swallows the file. */
export const MAX_ROW_LENGTH = 1_000_000;
