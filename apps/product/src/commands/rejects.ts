import { open, type FileHandle } from 'node:fs/promises';
import { CommandFailure, EXIT } from '@cartograph/command';
import { describeFileError } from './source.ts';

/** A row that was not imported. */
export type Reject = {
  readonly line: number;
  readonly sku: string | null;
  readonly reason: string;
  readonly row: unknown;
};

/** Writes the rows that were not imported to a file. */
export type Rejects = {
  readonly add: (reject: Reject) => void;
  /** Writes what was added. The first call with any creates the file. */
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const toLine = (reject: Reject): string => {
  try {
    return JSON.stringify(reject);
  } catch {
    // Nested too deeply for the stack.
    return JSON.stringify({ ...reject, row: null });
  }
};

/** Makes the rejects file (JSON Lines), replacing that of an earlier run. */
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
      const message = `The rejects file ${file} can't be written: ${reason}.`;
      throw new CommandFailure(EXIT.stopped, message);
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
