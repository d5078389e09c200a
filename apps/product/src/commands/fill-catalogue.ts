import { makePrismaCatalogueImport } from '../db/make-prisma-catalogue-import.ts';
import type { ImportOutcome } from '../domain/catalogue-import.ts';
import { makeBatchWriter } from './batch-writer.ts';
import { generateProduct } from './generate-product.ts';
import { withProductDatabase } from './product-database.ts';

const BATCH = 1_000;

/**
 * Fills a catalogue with the products 0 to `count` of a seed. Those that are there already stay as
 * they are, so it may be stopped and run again.
 * @param onProgress called after each batch, with the number of products that were made so far
 * @param signal ends it after the batch under way
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
  readonly onProgress?: (made: number) => void;
  readonly signal?: AbortSignal;
}): Promise<ImportOutcome> =>
  withProductDatabase(databaseUrl, async (database) => {
    // Nothing runs low by being added, and the stock of what is there is left.
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
