import { readText } from '../read-text.ts';
import { BrokenFile, type SourceRow } from '../source-row.ts';
import { READERS } from '../source.ts';

/** What was read of a file, and why no more. */
export type Outcome = { rows: SourceRow[]; broken: string | null };

/** Reads bytes that come in pieces of `size`. */
export const readBytes = async (
  format: keyof typeof READERS,
  bytes: Buffer,
  size = bytes.length || 1,
): Promise<Outcome> => {
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  };
  const rows: SourceRow[] = [];
  try {
    for await (const some of READERS[format](readText(pieces()))) {
      for (const row of some) rows.push(row);
    }
    return { rows, broken: null };
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error;
    return { rows, broken: error.message };
  }
};

/** Reads a text as its bytes in pieces of `size`. */
export const read = (format: keyof typeof READERS, text: string, size?: number) =>
  readBytes(format, Buffer.from(text), size);

/** Rows as JSON has them. */
export const plain = ({ rows }: Outcome) =>
  JSON.parse(JSON.stringify(rows)) as { line: number; value: unknown; fault?: string }[];
