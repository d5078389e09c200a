import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { CommandFailure, EXIT } from '@cartograph/command';
import { readCsv, type CheckHeader } from './read-csv.ts';
import { readJson, readJsonLines } from './read-json.ts';
import { readText } from './read-text.ts';
import type { SourceRows } from './source-row.ts';

export const FORMATS = ['json', 'jsonl', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** Only a CSV names its columns once, in a header. */
export const READERS: Readonly<
  Record<Format, (chunks: AsyncIterable<string>, check?: CheckHeader) => SourceRows>
> = { json: readJson, jsonl: readJsonLines, csv: readCsv };

const EXTENSIONS: Readonly<Record<string, Format>> = {
  '.json': 'json',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.csv': 'csv',
};

/** The format that belongs to the extension of a file name. */
export const findFormat = (file: string): Format | undefined =>
  EXTENSIONS[path.extname(file).toLowerCase()];

const guessFormat = (beginning: string): Format =>
  beginning.startsWith('[') ? 'json' : beginning.startsWith('{') ? 'jsonl' : 'csv';

const FILE_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'it is not allowed',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENOENT: 'there is no such folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'there is no such folder',
  EPERM: 'it is not allowed',
  EROFS: 'the disk is read-only',
};

/** The error of a file operation, for people. */
export const describeFileError = (error: unknown): string => {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return FILE_ERRORS[code] ?? printable(message);
};

/** Text of a file or a server on one line, without control characters of a terminal. */
export const printable = (text: string): string => text.replaceAll(/\p{C}+/gu, '\uFFFD');

/** A file that is read row by row. */
export type Source = {
  readonly name: string;
  /** In bytes; null when it is not known in advance. */
  readonly size: number | null;
  readonly countBytes: () => number;
  readonly rows: SourceRows;
};

/** Reads until the format is known, and then all of it. */
async function* readAs(
  chunks: AsyncGenerator<string>,
  format: Format | undefined,
  check: CheckHeader | undefined,
): SourceRows {
  let beginning = '';
  while (!format && beginning.trim() === '') {
    const next = await chunks.next();
    if (next.done) break;
    beginning += next.value;
  }
  const all = async function* () {
    yield beginning;
    yield* chunks;
  };
  yield* READERS[format ?? guessFormat(beginning.trimStart())](all(), check);
}

const measure = async (file: string): Promise<number | null> => {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new CommandFailure(EXIT.usage, `${file} is a folder.`);
    await access(file, constants.R_OK);
    return found.isFile() ? found.size : null;
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = isAbsent ? 'there is no such file' : describeFileError(error);
    throw new CommandFailure(EXIT.usage, `${file} can't be read: ${reason}.`);
  }
};

/**
 * Opens a file, or standard input for `-`.
 * @param format by default that of the file name, else that of the beginning of the text
 * @param signal stops reading, also while it waits for input
 * @param check says what is wrong with a header
 * @throws CommandFailure when the file can't be read
 */
export const openSource = async (
  file: string,
  format: Format | undefined,
  signal: AbortSignal,
  check?: CheckHeader,
): Promise<Source> => {
  const isStdin = file === '-';
  const size = isStdin ? null : await measure(file);
  const stream: Readable = isStdin
    ? addAbortSignal(signal, process.stdin)
    : createReadStream(file, { signal, highWaterMark: 256 * 1024 });
  let bytes = 0;
  const counted = async function* () {
    for await (const chunk of stream) {
      bytes += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  };
  return {
    name: isStdin ? 'standard input' : path.basename(file),
    size,
    countBytes: () => bytes,
    rows: readAs(readText(counted()), format ?? findFormat(file), check),
  };
};
