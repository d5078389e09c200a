import { createWriteStream } from 'node:fs';
import { access, constants, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import type { ReportFault } from '@cartograph/validation';
import { readCatalogue } from '../db/read-catalogue.ts';
import { CommandFailure, describeFileError, EXIT, misused, readWords } from './command-failure.ts';
import { listenForInterrupt } from './interrupt.ts';
import { findFormat, FORMATS, type Format } from './open-source.ts';
import { readCatalogueSettings, withProductDatabase } from './product-database.ts';
import { makeProgress } from './progress.ts';
import { writeCatalogue } from './write-catalogue.ts';

const USAGE = `Usage: npm run catalogue:export -- FILE [--format json|jsonl|csv]
FILE may be - for standard output.`;

/** Without an ending it is JSON; with an ending of another format, nothing that is right. */
const formatOf = (file: string): Format | undefined =>
  findFormat(file) ?? (path.extname(file) === '' ? 'json' : undefined);

const readOptions = (args: readonly string[]) =>
  readWords(USAGE, args, (words) => {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: { format: { type: 'string' } },
    });
    const [file, ...rest] = positionals;
    if (!file || rest.length > 0) throw misused('', USAGE);
    const format = (values.format as Format | undefined) ?? formatOf(file);
    if (!format) {
      throw misused(
        `${file}: its ending is of no known format: give --format, or end it in .csv.`,
        USAGE,
      );
    }
    if (!FORMATS.includes(format)) {
      throw misused(`--format is one of ${FORMATS.join(', ')}.`, USAGE);
    }
    return { file, format };
  });

/** Finds out whether a file can be written there, before anything is read. */
const checkTarget = async (file: string): Promise<void> => {
  try {
    // With the separator a file is no folder.
    await access(`${path.dirname(path.resolve(file))}${path.sep}`, constants.W_OK);
    const found = await stat(file).catch(() => null);
    if (found?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  } catch (error) {
    throw new CommandFailure(EXIT.usage, `${file} can't be written: ${describeFileError(error)}.`);
  }
};

/** Writes beside the file and puts it in its place when it is whole. */
const writeFile = async (
  file: string,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> => {
  const part = `${file}.${process.pid}.part`;
  try {
    await pipeline(Readable.from(text), createWriteStream(part, { flush: true }), { signal });
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
};

/** A reader that has seen enough, such as `head`, hangs up: that is no failure. */
const writeStdout = async (text: AsyncIterable<string>, signal: AbortSignal): Promise<void> => {
  try {
    await pipeline(Readable.from(text), process.stdout, { signal, end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
};

/** `npm run catalogue:export`: writes the listed products to a file. @returns the exit code */
export const run = async (args: readonly string[]): Promise<number> => {
  const { file, format } = readOptions(args);
  const { signal, close } = listenForInterrupt();
  if (file !== '-') await checkTarget(file);
  const { databaseUrl } = readCatalogueSettings();
  return withProductDatabase(databaseUrl, async (database) => {
    const progress = makeProgress(null);
    let rows = 0;
    const faults: string[] = [];
    const report: ReportFault = ({ id, fault }) => void faults.push(`${id}: ${fault}`);
    const counted = async function* () {
      for await (const products of readCatalogue(database, report)) {
        rows += products.length;
        yield products;
        progress.update({ rows, done: rows });
      }
    };
    const text = writeCatalogue(counted(), format);
    try {
      await (file === '-' ? writeStdout(text, signal) : writeFile(file, text, signal));
    } catch (error) {
      const reason = signal.aborted ? 'interrupted' : describeFileError(error);
      throw new CommandFailure(EXIT.stopped, `Nothing was exported: ${reason}.`);
    } finally {
      progress.stop();
      close();
    }
    console.error(`${rows} products exported${file === '-' ? '' : ` to ${file}`}`);
    if (faults.length === 0) return EXIT.done;
    console.error(`left out, or exported without its picture:\n${faults.join('\n')}`);
    return EXIT.incomplete;
  });
};
