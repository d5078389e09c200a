import path from 'node:path';
import {
  CommandFailure,
  EXIT,
  InvalidArgumentError,
  listenForInterrupt,
  makeProgress,
  Option,
  wholeNumber,
  type Command,
} from '@cartograph/command';
import { isCurrency } from '@cartograph/money';
import { makePrismaCatalogueImport } from '../db/make-prisma-catalogue-import.ts';
import { describeOutcome, makeBatchWriter, measureRate } from './batch-writer.ts';
import {
  FIELD_NAMES,
  findField,
  makeColumns,
  normalizeName,
  quoteNames,
  type Columns,
  type Field,
} from './columns.ts';
import { importRows, type ImportResult } from './import-rows.ts';
import { readCatalogueSettings, withProductDatabase } from './product-database.ts';
import { makeProductReader } from './read-product.ts';
import { makeRejects } from './rejects.ts';
import { FORMATS, openSource, printable, type Format, type Source } from './source.ts';

/** Each batch locks the catalogue: a larger one makes administrators wait. */
const MAX_BATCH = 10_000;

type Mapping = ReadonlyMap<Field, string>;

const addMapping = (pair: string, mapping: Mapping): Mapping => {
  const [, name = '', column = ''] = /^([^=]+)=(.+)$/s.exec(pair) ?? [];
  const field = findField(name);
  if (!field) throw new InvalidArgumentError('It must be field=column.');
  if (mapping.has(field)) throw new InvalidArgumentError(`It names ${name} twice.`);
  if ([...mapping.values()].some((other) => normalizeName(other) === normalizeName(column))) {
    throw new InvalidArgumentError(`It names the column ${column} twice.`);
  }
  return new Map([...mapping, [field, column]]);
};

const readCurrency = (text: string): string => {
  const currency = text.toUpperCase();
  if (!isCurrency(currency)) throw new InvalidArgumentError('It must be a currency of ISO 4217.');
  return currency;
};

const readFileName = (text: string): string => {
  if (text === '') throw new InvalidArgumentError('It must be the name of a file.');
  return text;
};

const listIgnored = (columns: Columns): string => {
  const names = columns.listIgnored().map((name) => printable(name).slice(0, 60));
  const more = names.length > 20 ? ` and ${names.length - 20} more` : '';
  return names.length === 0 ? '' : `ignored columns: ${names.slice(0, 20).join(', ')}${more}`;
};

/** Why an import stopped or had nothing to import; null when neither. */
const findFileFault = (result: ImportResult, source: Source, columns: Columns): string | null => {
  if (result.broken) return `The file is broken at ${result.broken.message}.`;
  if (result.isInterrupted) {
    return `Interrupted near line ${result.line}. Run it again to continue.`;
  }
  if (source.countBytes() === 0) return `${source.name} is empty: nothing was imported.`;
  if (result.read === 0) return `${source.name} has no rows: nothing was imported.`;
  const absent = columns.listAbsent();
  if (absent.length > 0) {
    return (
      `No row has a column ${quoteNames(absent)}, which --map names. Correct it, and import the ` +
      'file again.'
    );
  }
  if (columns.hasKnown()) return null;
  return (
    'None of its columns is known. A CSV begins with the names of its columns, with commas, ' +
    'semicolons or tabs between them; --map says which column is which field.'
  );
};

const exitCodeOf = ({ isInterrupted, rejected }: ImportResult, fault: string | null): number => {
  if (isInterrupted) return EXIT.stopped;
  return fault !== null || rejected > 0 ? EXIT.failed : EXIT.done;
};

type Options = {
  readonly batch: number;
  readonly currency: string;
  readonly format?: Format;
  readonly map: Mapping;
  readonly rejects: string;
  readonly setStock: boolean;
};

const importFile = async (file: string, options: Options): Promise<void> => {
  const interrupt = listenForInterrupt();
  const { databaseUrl, lowStock } = readCatalogueSettings();
  const columns = makeColumns(options.map);
  const source = await openSource(file, options.format, interrupt.signal, columns.checkHeader);
  const rejects = makeRejects(options.rejects);
  const started = performance.now();
  await withProductDatabase(databaseUrl, async (database) => {
    const catalogue = makePrismaCatalogueImport(database, lowStock);
    const cause = { actor: 'import', reason: `import of ${source.name}`.slice(0, 200) };
    const writer = makeBatchWriter({
      size: options.batch,
      write: (products) => catalogue.writeProducts(products, cause, options.setStock),
    });
    const progress = makeProgress(source.size);
    const result = await importRows({
      rows: source.rows,
      readProduct: makeProductReader(columns, options.currency),
      writer,
      rejects,
      signal: interrupt.signal,
      onRows: (read) => progress.update({ rows: read, done: source.countBytes() }),
    })
      .catch((error: unknown) => {
        if (error instanceof CommandFailure) throw error;
        const reason = printable((error as Error).message);
        const written = describeOutcome(writer.getOutcome());
        const message =
          `Stopped: ${reason}\nWritten to the catalogue before: ${written}. ` +
          'Run it again to continue: these products stay as they are.';
        throw new CommandFailure(EXIT.stopped, message);
      })
      .finally(async () => {
        progress.stop();
        interrupt.close();
        await rejects.close();
      });

    const outcome = writer.getOutcome();
    const counts = `${result.read} read: ${describeOutcome(outcome)}, ${result.rejected} rejected`;
    console.log(`${counts}; ${measureRate(result.read, started)}`);
    const ignored = listIgnored(columns);
    if (ignored) console.log(ignored);
    if (outcome.stockLeft > 0) {
      const products = `${outcome.stockLeft} have another stock than the file and keep it`;
      console.log(`${products}; --set-stock sets it`);
    }
    if (result.rejected > 0) console.log(`the rejected rows and why: ${options.rejects}`);
    const fault = findFileFault(result, source, columns);
    if (fault !== null) console.error(fault);
    process.exitCode = exitCodeOf(result, fault);
  });
};

/** `npm run catalogue:import` */
export const addImport = (program: Command): void => {
  program
    .command('import')
    .description('Add the products of a file to the catalogue, or update them by SKU.')
    .argument('<file>', 'the file; - for standard input')
    .addOption(new Option('--format <format>', 'how to read it').choices(FORMATS))
    .option('--currency <code>', 'the currency of rows without one', readCurrency, 'EUR')
    .addOption(
      new Option('--map <field=column>', `repeatable; fields: ${FIELD_NAMES.join(', ')}`)
        .argParser(addMapping)
        .default(new Map(), 'known names'),
    )
    .option(
      '--rejects <file>',
      'where rejected rows go (default: FILE.rejects.jsonl)',
      readFileName,
    )
    .option('--set-stock', 'set the stock of existing products too', false)
    .option('--batch <rows>', 'rows per transaction', wholeNumber(1, MAX_BATCH), 1_000)
    .action(
      (file: string, given: Omit<Options, 'rejects'> & { rejects?: string }, command: Command) => {
        const rejects = given.rejects ?? `${file === '-' ? 'stdin' : file}.rejects.jsonl`;
        if (path.resolve(rejects) === path.resolve(file)) {
          command.error('error: the rejects would overwrite the file');
        }
        return importFile(file, { ...given, rejects });
      },
    );
};
