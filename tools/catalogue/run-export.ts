import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { makePrismaCatalogueReader } from '../../apps/product/src/db/make-prisma-catalogue-reader.ts';
import { CommandFailure, EXIT, misused, readWords } from './command-failure.ts';
import { listenForInterrupt } from './interrupt.ts';
import { findFormat, FORMATS, type Format } from './open-source.ts';
import { readCatalogueSettings, withProductDatabase } from './product-database.ts';
import { makeProgress } from './progress.ts';
import { writeCatalogue } from './write-catalogue.ts';

const USAGE = `Usage: npm run catalogue:export -- FILE [--format json|jsonl|csv]
FILE may be - for standard output.`;

const readOptions = (args: readonly string[]) =>
  readWords(USAGE, () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { format: { type: 'string' } },
    });
    const [file, ...rest] = positionals;
    if (!file || rest.length > 0) throw misused('', USAGE);
    const format = (values.format as Format | undefined) ?? findFormat(file) ?? 'json';
    if (!FORMATS.includes(format)) {
      throw misused(`--format is one of ${FORMATS.join(', ')}.`, USAGE);
    }
    return { file, format };
  });

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
  const { databaseUrl } = readCatalogueSettings();
  return withProductDatabase(databaseUrl, async (database) => {
    const progress = makeProgress(null);
    let rows = 0;
    const counted = async function* () {
      for await (const products of makePrismaCatalogueReader(database).readProducts()) {
        rows += products.length;
        yield products;
        progress.update({ rows, done: rows });
      }
    };
    const text = writeCatalogue(counted(), format);
    try {
      await (file === '-' ? writeStdout(text, signal) : writeFile(file, text, signal));
    } catch (error) {
      const reason = signal.aborted ? 'interrupted' : (error as Error).message;
      throw new CommandFailure(EXIT.stopped, `Nothing was exported: ${reason}.`);
    } finally {
      progress.stop();
      close();
    }
    console.error(`${rows} products exported${file === '-' ? '' : ` to ${file}`}`);
    return EXIT.done;
  });
};
