import fs from 'node:fs';
import path from 'node:path';
import { CommandFailure, EXIT } from '@cartograph/command';

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

/**
 * Checks that figures can be written to a file: before they are measured, which takes minutes.
 * @throws CommandFailure when they can't
 */
export const checkResultFile = (file: string): void => {
  try {
    if (fs.statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
      throw Object.assign(new Error(), { code: 'EISDIR' });
    }
    const isThere = fs.existsSync(file);
    fs.accessSync(isThere ? file : path.dirname(path.resolve(file)), fs.constants.W_OK);
  } catch (error) {
    throw new CommandFailure(EXIT.usage, `${file} can't be written: ${codeOf(error)}.`, {
      cause: error,
    });
  }
};

/**
 * Reads figures that an earlier run wrote.
 * @throws CommandFailure when there are none in the file
 */
export const readResultFile = <Result>(file: string): Result => {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Result;
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is no JSON' : codeOf(error);
    throw new CommandFailure(EXIT.usage, `${file} can't be read: ${why}.`, { cause: error });
  }
};
