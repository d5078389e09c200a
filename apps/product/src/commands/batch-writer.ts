import {
  addOutcomes,
  NOTHING_IMPORTED,
  type ImportedProduct,
  type ImportOutcome,
} from '../domain/catalogue-import.ts';

/** Collects products into batches. One batch is written while the next one is collected. */
export type BatchWriter = {
  /** @returns what to await before the next product, when a batch is full */
  readonly add: (product: ImportedProduct) => Promise<void> | undefined;
  /** Writes the collected products. */
  readonly finish: () => Promise<void>;
  /** Waits for the batch that is being written, and drops the products collected after it. */
  readonly settle: () => Promise<void>;
  /** What has been written so far. */
  readonly getOutcome: () => ImportOutcome;
};

/** @throws the error of `write`, from the call after it */
export const makeBatchWriter = (options: {
  readonly size: number;
  readonly write: (products: readonly ImportedProduct[]) => Promise<ImportOutcome>;
}): BatchWriter => {
  let batch: ImportedProduct[] = [];
  let outcome = NOTHING_IMPORTED;
  let writing = Promise.resolve();
  const send = async (): Promise<void> => {
    const products = batch;
    batch = [];
    await writing;
    writing = options.write(products).then((written) => {
      outcome = addOutcomes(outcome, written);
    });
    // The next call awaits it and throws.
    writing.catch(() => {});
  };
  return {
    add: (product) => {
      batch.push(product);
      return batch.length >= options.size ? send() : undefined;
    },
    finish: async () => {
      if (batch.length > 0) await send();
      await writing;
    },
    settle: async () => {
      batch = [];
      await writing;
    },
    getOutcome: () => outcome,
  };
};

/** `3 added, 1 changed, 0 unchanged` */
export const describeOutcome = ({ added, changed, unchanged }: ImportOutcome): string =>
  `${added} added, ${changed} changed, ${unchanged} unchanged`;

/** `2.5 s, 4,000 rows/s` */
export const measureRate = (rows: number, started: number): string => {
  const seconds = (performance.now() - started) / 1000;
  const rate = Math.round(rows / Math.max(seconds, 0.001)).toLocaleString('en');
  return `${seconds.toFixed(1)} s, ${rate} rows/s`;
};
