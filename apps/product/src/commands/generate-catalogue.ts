import {
  CommandFailure,
  EXIT,
  listenForInterrupt,
  makeProgress,
  wholeNumber,
  type Command,
} from '@cartograph/command';
import { makePrismaCatalogueImport } from '../db/make-prisma-catalogue-import.ts';
import type { ImportOutcome } from '../domain/catalogue-import.ts';
import { describeOutcome, makeBatchWriter, measureRate } from './batch-writer.ts';
import { generateProduct } from './generate-product.ts';
import { readCatalogueSettings, withProductDatabase } from './product-database.ts';
import { printable } from './source.ts';

const BATCH = 1_000;
const MAX_COUNT = 100_000_000;
const MAX_SEED = 2_147_483_647;

/**
 * Fills a catalogue with the products 0 to `count` of a seed. Existing ones stay as they are, so it
 * can be stopped and run again.
 * @param onProgress called after each batch, with the number of products that were generated so far
 * @param signal ends it after the current batch
 * @throws CommandFailure when the database can't be reached
 */
export const fillCatalogue = ({
  databaseUrl,
  count,
  seed = 1,
  onProgress = () => {},
  signal,
}: {
  readonly databaseUrl: string;
  readonly count: number;
  readonly seed?: number;
  readonly onProgress?: (generated: number) => void;
  readonly signal?: AbortSignal;
}): Promise<ImportOutcome> =>
  withProductDatabase(databaseUrl, async (database) => {
    // No product falls to the threshold: new ones have no stock before, and others keep theirs.
    const catalogue = makePrismaCatalogueImport(database, 0);
    const cause = { actor: 'import', reason: `generated from seed ${seed}` };
    const writer = makeBatchWriter({
      size: BATCH,
      write: (products) => catalogue.writeProducts(products, cause, false),
    });
    for (let index = 0; index < count; index += 1) {
      const full = writer.add(generateProduct(index, seed));
      if (!full) continue;
      await full;
      onProgress(index + 1);
      if (signal?.aborted) break;
    }
    await (signal?.aborted ? writer.settle() : writer.finish());
    return writer.getOutcome();
  });

const generate = async (count: number, { seed }: { readonly seed: number }): Promise<void> => {
  const { databaseUrl } = readCatalogueSettings();
  const { signal, close } = listenForInterrupt();
  const progress = makeProgress(count);
  const started = performance.now();
  const onProgress = (generated: number): void =>
    progress.update({ rows: generated, done: generated });
  try {
    const outcome = await fillCatalogue({ databaseUrl, count, seed, signal, onProgress }).finally(
      progress.stop,
    );
    const generated = outcome.added + outcome.changed + outcome.unchanged;
    const rate = measureRate(generated, started);
    console.log(`${generated} generated: ${describeOutcome(outcome)}; ${rate}`);
    if (!signal.aborted) return;
    console.error('Interrupted. Run it again to continue.');
    process.exitCode = EXIT.stopped;
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const reason = printable((error as Error).message);
    throw new CommandFailure(EXIT.stopped, `Stopped: ${reason}\nRun it again to continue.`);
  } finally {
    close();
  }
};

/** `npm run catalogue:generate` */
export const addGenerate = (program: Command): void => {
  program
    .command('generate')
    .description('Fill the catalogue with generated products, for tests of scale.')
    .argument('<count>', 'how many products', wholeNumber(1, MAX_COUNT))
    .option('--seed <number>', 'same seed, same products', wholeNumber(0, MAX_SEED), 1)
    .action(generate);
};
