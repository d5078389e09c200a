import type { ImportedProduct } from '../domain/catalogue-import.ts';
import type { BatchWriter } from './batch-writer.ts';
import type { RowFault } from './read-product.ts';
import type { Rejects } from './rejects.ts';
import { BrokenFile, type SourceRow, type SourceRows } from './source-row.ts';

/** The result of an import. */
export type ImportResult = {
  readonly read: number;
  readonly rejected: number;
  /** The line of the last row that was read. */
  readonly line: number;
  /** Where and why reading stopped. */
  readonly broken: BrokenFile | null;
  readonly isInterrupted: boolean;
};

const isFault = (product: ImportedProduct | RowFault): product is RowFault => 'fault' in product;

const findSku = (value: unknown): string | null => {
  const sku =
    typeof value === 'object' && value !== null && Object.hasOwn(value, 'sku')
      ? (value as { sku: unknown }).sku
      : null;
  return typeof sku === 'string' ? sku : null;
};

/**
 * Sends valid rows to the catalogue and the others to the rejects.
 * @throws what the writer or the rejects throw; batches written before are in the catalogue
 */
export const importRows = async (options: {
  readonly rows: SourceRows;
  readonly readProduct: (row: unknown) => ImportedProduct | RowFault;
  readonly writer: BatchWriter;
  readonly rejects: Rejects;
  readonly signal: AbortSignal;
  readonly onRows: (read: number) => void;
}): Promise<ImportResult> => {
  const { rows, readProduct, writer, rejects, signal, onRows } = options;
  const lines = new Map<string, number>();
  let [read, rejected, line] = [0, 0, 0];

  const check = (row: SourceRow): ImportedProduct | RowFault => {
    if (row.fault !== undefined) return { fault: row.fault };
    const product = readProduct(row.value);
    if (isFault(product)) return product;
    const first = lines.get(product.sku);
    if (first !== undefined) return { fault: `sku: was in line ${first} already` };
    lines.set(product.sku, row.line);
    return product;
  };
  const take = (row: SourceRow): Promise<void> | undefined => {
    read += 1;
    line = row.line;
    const product = check(row);
    if (!isFault(product)) return writer.add(product);
    rejected += 1;
    const sku = findSku(row.value);
    rejects.add({ line, sku, reason: product.fault, row: row.value });
    return undefined;
  };
  const takeAll = async (): Promise<BrokenFile | null> => {
    try {
      for await (const some of rows) {
        for (const row of some) {
          const full = take(row);
          if (full) await full;
          if (signal.aborted) return null;
        }
        await rejects.flush();
        onRows(read);
      }
      return null;
    } catch (error) {
      if (error instanceof BrokenFile) return error;
      if (signal.aborted && (error as Error).name === 'AbortError') return null;
      // The caller reports what was written: the current batch must end first.
      await writer.settle().catch(() => {});
      throw error;
    }
  };

  const broken = await takeAll();
  await (signal.aborted ? writer.settle() : writer.finish());
  return { read, rejected, line, broken, isInterrupted: signal.aborted };
};
