import { createWriteStream } from 'node:fs';
import { access, constants, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailure, EXIT } from '@cartograph/command';
import { describeFileError } from './source.ts';

/** Where a command writes a text. */
export type Target = {
  readonly write: (text: AsyncIterable<string>, signal: AbortSignal) => Promise<void>;
};

const POLL_MS = 100;

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

/** The file that a path leads to through links, also when the file does not exist yet. */
const followLinks = async (file: string): Promise<string> => {
  try {
    return await realpath(file);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    const link = await readlink(file).catch(() => null);
    if (link === null) return file;
    return followLinks(path.resolve(await realpath(path.dirname(file)), link));
  }
};

/** Writes to a temporary file beside the target, and renames it when it is complete. */
const replaceFile =
  (file: string): Target['write'] =>
  async (text, signal) => {
    const part = `${file}.${process.pid}.part`;
    try {
      await pipeline(Readable.from(text), createWriteStream(part, { flush: true }), { signal });
      await rename(part, file);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  };

/**
 * Opens a device or a named pipe. Opening a pipe that has no reader would block a thread of Node,
 * which then could not exit at an interrupt: it is tried until there is a reader.
 */
const openExisting = async (file: string, signal: AbortSignal): Promise<Writable> => {
  for (;;) {
    try {
      const probe = await open(file, constants.O_WRONLY | constants.O_NONBLOCK);
      try {
        const handle = await open(file, constants.O_WRONLY);
        return handle.createWriteStream();
      } finally {
        await probe.close();
      }
    } catch (error) {
      if (codeOf(error) !== 'ENXIO') throw error;
      await sleep(POLL_MS, undefined, { signal });
    }
  }
};

/** Writes into what exists: a rename would replace a device or a pipe with a file. */
const writeInto =
  (file: string): Target['write'] =>
  async (text, signal) => {
    const stream = await openExisting(file, signal);
    try {
      await pipeline(Readable.from(text), stream, { signal });
    } catch (error) {
      // A reader that closes the pipe early, such as `head`, is no failure.
      if (codeOf(error) !== 'EPIPE') throw error;
    }
  };

/** @throws the error of a file operation */
const findTarget = async (file: string): Promise<Target> => {
  // Of /dev/stdout, which leads to a pipe without a path, only this says what it is.
  const found = await stat(file).catch(() => null);
  if (found?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  if (found?.isSocket()) throw new Error('it is a socket');
  if (found && !found.isFile()) {
    await access(file, constants.W_OK);
    return { write: writeInto(file) };
  }
  const real = await followLinks(file);
  // With the separator, a file in place of the folder is an error.
  await access(`${path.dirname(path.resolve(real))}${path.sep}`, constants.W_OK);
  return { write: replaceFile(real) };
};

/**
 * Checks that a file can be written there, before anything is read. A link stays a link: the file
 * that it leads to is replaced. A device or a named pipe is written into.
 * @throws CommandFailure when it can't
 */
export const openTarget = async (file: string): Promise<Target> => {
  try {
    return await findTarget(file);
  } catch (error) {
    throw new CommandFailure(EXIT.usage, `${file} can't be written: ${describeFileError(error)}.`);
  }
};
