import path from 'node:path';
import { parseArgs } from 'node:util';
import { isCurrency } from '@cartograph/money';
import { makePrismaCatalogueImport } from '../db/make-prisma-catalogue-import.ts';
import { makeBatchWriter } from './batch-writer.ts';
import { FIELD_NAMES, findField, makeColumns, type Columns, type Field } from './columns.ts';
import { CommandFailure, EXIT, misused, printable, readWords } from './command-failure.ts';
import { importRows, type ImportEnd } from './import-rows.ts';
import { listenForInterrupt } from './interrupt.ts';
import { FORMATS, openSource, type Format, type Source } from './open-source.ts';
import { readCatalogueSettings, withProductDatabase } from './product-database.ts';
import { makeProgress } from './progress.ts';
import { makeProductReader } from './read-product.ts';
import { makeRejects } from './rejects.ts';
import { describeImport } from './summary.ts';

const USAGE = `Usage: npm run catalogue:import -- FILE [--format json|jsonl|csv] [--currency EUR]
  [--map field=column ...] [--rejects FILE] [--set-stock] [--batch 1000]
FILE may be - for standard input. Fields: ${FIELD_NAMES.join(', ')}.`;

/** The catalogue is locked for one batch at a time: a larger one keeps administrators waiting. */
const MAX_BATCH = 10_000;

const OPTIONS = {
  format: { type: 'string' },
  currency: { type: 'string', default: 'EUR' },
  map: { type: 'string', multiple: true, default: [] as string[] },
  rejects: { type: 'string' },
  'set-stock': { type: 'boolean', default: false },
  batch: { type: 'string', default: '1000' },
} as const;

const readMapping = (pairs: readonly string[]): ReadonlyMap<Field, string> => {
  const mapped = new Map<Field, string>();
  for (const pair of pairs) {
    const [, name = '', column = ''] = /^([^=]+)=(.+)$/s.exec(pair) ?? [];
    const field = findField(name);
    if (!field) throw misused(`--map ${pair}: is not field=column.`, USAGE);
    if (mapped.has(field)) throw misused(`--map names ${name} twice.`, USAGE);
    if ([...mapped.values()].includes(column)) {
      throw misused(`--map names the column ${column} twice.`, USAGE);
    }
    mapped.set(field, column);
  }
  return mapped;
};

const readOptions = (args: readonly string[]) =>
  readWords(USAGE, args, (words) => {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: OPTIONS,
    });
    const [file, ...rest] = positionals;
    if (!file || rest.length > 0) throw misused('', USAGE);
    const currency = values.currency.toUpperCase();
    if (!isCurrency(currency)) {
      throw misused(`--currency ${values.currency}: is not a currency of ISO 4217.`, USAGE);
    }
    const batch = /^\d{1,5}$/.test(values.batch) ? Number(values.batch) : 0;
    if (batch < 1 || batch > MAX_BATCH) throw misused(`--batch is 1 to ${MAX_BATCH}.`, USAGE);
    const format = values.format as Format | undefined;
    if (format && !FORMATS.includes(format)) {
      throw misused(`--format is one of ${FORMATS.join(', ')}.`, USAGE);
    }
    if (values.rejects === '') throw misused('--rejects names a file.', USAGE);
    const rejects = values.rejects ?? `${file === '-' ? 'stdin' : file}.rejects.jsonl`;
    if (path.resolve(rejects) === path.resolve(file)) {
      throw misused('The rejects would overwrite the file.', USAGE);
    }
    const mapped = readMapping(values.map);
    return { file, currency, batch, format, rejects, mapped, setsStock: values['set-stock'] };
  });

const listIgnored = (columns: Columns): string => {
  const names = columns.listIgnored().map((name) => printable(name).slice(0, 60));
  const more = names.length > 20 ? ` and ${names.length - 20} more` : '';
  return names.length === 0 ? '' : `ignored columns: ${names.slice(0, 20).join(', ')}${more}`;
};

/** What is wrong with the file as a whole, for people: a run that imports nothing says why. */
const describeFile = (end: ImportEnd, source: Source, columns: Columns): string | null => {
  if (end.broken) return `The file is broken at ${end.broken.message}.`;
  if (end.isInterrupted) return `Interrupted near line ${end.line}. Run it again to go on.`;
  if (source.countBytes() === 0) return `${source.name} is empty: nothing was imported.`;
  if (end.read === 0) return `${source.name} has no rows: nothing was imported.`;
  if (columns.hasKnown()) return null;
  return (
    'None of its columns is known. A CSV begins with the names of its columns, with commas, ' +
    'semicolons or tabs between them; --map says which column is which field.'
  );
};

const exitCodeOf = ({ isInterrupted, broken, read, rejected }: ImportEnd): number => {
  if (isInterrupted) return EXIT.stopped;
  return broken || read === 0 || rejected > 0 ? EXIT.incomplete : EXIT.done;
};

/** `npm run catalogue:import`: brings a file into the catalogue. @returns the exit code */
export const run = async (args: readonly string[]): Promise<number> => {
  const options = readOptions(args);
  const interrupt = listenForInterrupt();
  const { databaseUrl, lowStock } = readCatalogueSettings();
  const source = await openSource(options.file, options.format, interrupt.signal);
  const columns = makeColumns(options.mapped);
  const rejects = makeRejects(options.rejects);
  const begun = performance.now();
  return withProductDatabase(databaseUrl, async (database) => {
    const catalogue = makePrismaCatalogueImport(database, lowStock);
    const cause = { actor: 'import', reason: `import of ${source.name}`.slice(0, 200) };
    const writer = makeBatchWriter({
      size: options.batch,
      write: (products) => catalogue.writeProducts(products, cause, options.setsStock),
    });
    const progress = makeProgress(source.size);
    const end = await importRows({
      rows: source.rows,
      readProduct: makeProductReader(columns, options.currency),
      writer,
      rejects,
      signal: interrupt.signal,
      onRows: (read) => progress.update({ rows: read, done: source.countBytes() }),
    })
      .catch((error: unknown) => {
        if (error instanceof CommandFailure) throw error;
        const written = describeImport(writer.getOutcome());
        throw new CommandFailure(
          EXIT.stopped,
          `Stopped: ${printable((error as Error).message)}\nIn the catalogue by then: ${written}. ` +
            'Run it again to go on: what is in stays as it is.',
        );
      })
      .finally(async () => {
        progress.stop();
        interrupt.close();
        await rejects.close();
      });

    const seconds = (performance.now() - begun) / 1000;
    const rate = Math.round(end.read / Math.max(seconds, 0.001)).toLocaleString('en');
    const outcome = writer.getOutcome();
    console.log(
      `${end.read} read: ${describeImport(outcome)}, ${end.rejected} rejected; ` +
        `${seconds.toFixed(1)} s, ${rate} rows/s`,
    );
    const ignored = listIgnored(columns);
    if (ignored) console.log(ignored);
    if (outcome.stockLeft > 0) {
      console.log(
        `${outcome.stockLeft} have another stock than the file and keep it; --set-stock sets it`,
      );
    }
    if (end.rejected > 0) console.log(`the rejected rows and why: ${options.rejects}`);
    const fault = describeFile(end, source, columns);
    if (fault !== null) console.error(fault);
    return exitCodeOf(end);
  });
};
