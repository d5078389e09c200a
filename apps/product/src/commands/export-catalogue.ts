import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  CommandFailure,
  EXIT,
  listenForInterrupt,
  makeProgress,
  Option,
  type Command,
} from '@cartograph/command';
import type { ReportFault } from '@cartograph/validation';
import { stringify } from 'csv-stringify/sync';
import { readCatalogue } from '../db/read-catalogue.ts';
import type { Product } from '../domain/product.ts';
import { readCatalogueSettings, withProductDatabase } from './product-database.ts';
import { describeFileError, findFormat, FORMATS, type Format } from './source.ts';
import { openTarget } from './target.ts';

/** What an import can read back; ids, versions and dates belong to this database. */
const toRow = ({ price, ...product }: Product) => ({
  sku: product.sku,
  name: product.name,
  description: product.description,
  category: product.category,
  priceCents: price.amount,
  currency: price.currency,
  stock: product.stock,
  imageUrl: product.imageUrl,
  images: product.images,
});

const COLUMNS: readonly (keyof ReturnType<typeof toRow>)[] = [
  'sku',
  'name',
  'description',
  'category',
  'priceCents',
  'currency',
  'stock',
  'imageUrl',
  'images',
];

type Pages = AsyncIterable<readonly Product[]>;

async function* writeJson(pages: Pages): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const products of pages) {
    yield separator + products.map((product) => JSON.stringify(toRow(product))).join(',\n');
    separator = ',\n';
  }
  yield separator === ',\n' ? '\n]\n' : '[]\n';
}

async function* writeJsonLines(pages: Pages): AsyncGenerator<string> {
  for await (const products of pages) {
    yield products.map((product) => `${JSON.stringify(toRow(product))}\n`).join('');
  }
}

async function* writeCsv(pages: Pages): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\n`;
  // Importers would take a carriage return without quotes for the end of a line.
  for await (const products of pages) {
    const rows = products.map((product) => ({
      ...toRow(product),
      images: product.images.join(' '),
    }));
    yield stringify(rows, { columns: [...COLUMNS], quoted_match: /[\r\n]/ });
  }
}

const WRITERS = { json: writeJson, jsonl: writeJsonLines, csv: writeCsv } as const;

/** A reader that closes the pipe early, such as `head`, is no failure. */
const writeStdout = async (text: AsyncIterable<string>, signal: AbortSignal): Promise<void> => {
  try {
    await pipeline(Readable.from(text), process.stdout, { signal, end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
};

const exportTo = async (file: string, format: Format): Promise<void> => {
  const { signal, close } = listenForInterrupt();
  const target = file === '-' ? null : await openTarget(file);
  await withProductDatabase(readCatalogueSettings().databaseUrl, async (database) => {
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
    const text = WRITERS[format](counted());
    try {
      await (target ? target.write(text, signal) : writeStdout(text, signal));
    } catch (error) {
      const reason = signal.aborted ? 'interrupted' : describeFileError(error);
      throw new CommandFailure(EXIT.stopped, `Nothing was exported: ${reason}.`);
    } finally {
      progress.stop();
      close();
    }
    console.error(`${rows} products exported${file === '-' ? '' : ` to ${file}`}`);
    if (faults.length === 0) return;
    console.error(`left out, or exported without their images:\n${faults.join('\n')}`);
    process.exitCode = EXIT.failed;
  });
};

/** `npm run catalogue:export` */
export const addExport = (program: Command): void => {
  program
    .command('export')
    .description('Write the products that are listed to a file.')
    .argument('<file>', 'the file; - for standard output')
    .addOption(
      new Option('--format <format>', 'by default that of the file name, or json').choices(FORMATS),
    )
    .action((file: string, options: { readonly format?: Format }, command: Command) => {
      const format =
        options.format ?? findFormat(file) ?? (path.extname(file) === '' ? 'json' : undefined);
      if (format) return exportTo(file, format);
      return command.error(`error: ${file} has no known extension: use .csv or --format`);
    });
};
