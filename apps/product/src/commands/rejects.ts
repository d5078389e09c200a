import { open, type FileHandle } from 'node:fs/promises';
import { CommandFailure, describeFileError, EXIT } from './command-failure.ts';

/** A row that did not go in. */
export type Reject = {
  readonly line: number;
  readonly sku: string | null;
  readonly reason: string;
  readonly row: unknown;
};

/** Where the rows go that did not go in. */
export type Rejects = {
  readonly add: (reject: Reject) => void;
  /** Writes what was added. The file is made with the first of them. */
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const toLine = (reject: Reject): string => {
  try {
    return JSON.stringify(reject);
  } catch {
    // Nested more deeply than the language can go down.
    return JSON.stringify({ ...reject, row: null });
  }
};

/** Makes the rejects file, JSON Lines, over the one of an earlier run. */
export const makeRejects = (file: string): Rejects => {
  let lines: string[] = [];
  let handle: FileHandle | undefined;
  const flush = async (): Promise<void> => {
    if (lines.length === 0) return;
    const text = `${lines.join('\n')}\n`;
    lines = [];
    try {
      handle ??= await open(file, 'w');
      await handle.appendFile(text);
    } catch (error) {
      const reason = describeFileError(error);
      throw new CommandFailure(
        EXIT.stopped,
        `The rejects file ${file} can't be written: ${reason}.`,
      );
    }
  };
  return {
    add: (reject) => void lines.push(toLine(reject)),
    flush,
    close: async () => {
      await flush();
      await handle?.close();
    },
  };
};
