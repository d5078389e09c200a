import {
  addOutcomes,
  NOTHING_IMPORTED,
  type ImportedProduct,
  type ImportOutcome,
} from '../domain/catalogue-import.ts';

/** Gathers products into batches. One is written while the next is gathered, never two at once. */
export type BatchWriter = {
  /** @returns what to wait for before the next one, when a batch is full */
  readonly add: (product: ImportedProduct) => Promise<void> | undefined;
  /** Writes what has been gathered. */
  readonly finish: () => Promise<void>;
  /** Waits for the batch that is being written, and forgets what was gathered after it. */
  readonly settle: () => Promise<void>;
  /** What has been written so far. */
  readonly getOutcome: () => ImportOutcome;
};

/** @throws whatever `write` throws, at the next call after it */
export const makeBatchWriter = (options: {
  readonly size: number;
  readonly write: (products: readonly ImportedProduct[]) => Promise<ImportOutcome>;
}): BatchWriter => {
  let batch: ImportedProduct[] = [];
  let outcome = NOTHING_IMPORTED;
  let underWay = Promise.resolve();
  const send = async (): Promise<void> => {
    const products = batch;
    batch = [];
    await underWay;
    underWay = options.write(products).then((written) => {
      outcome = addOutcomes(outcome, written);
    });
    // The next call waits for it, and throws.
    underWay.catch(() => {});
  };
  return {
    add: (product) => {
      batch.push(product);
      return batch.length >= options.size ? send() : undefined;
    },
    finish: async () => {
      if (batch.length > 0) await send();
      await underWay;
    },
    settle: async () => {
      batch = [];
      await underWay;
    },
    getOutcome: () => outcome,
  };
};
