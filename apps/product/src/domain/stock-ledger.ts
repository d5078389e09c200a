import type { Page, PageRequest } from '@cartograph/pagination';
import type { StockMovement } from './stock-movement.ts';

/** Which lines of the ledger to read. */
export type MovementFilter = {
  readonly productId?: string | undefined;
  readonly orderId?: string | undefined;
};

/** A line of the ledger; its movement is null when it can't be shown. */
export type LedgerLine = { readonly id: string; readonly movement: StockMovement | null };

/** Where every movement of stock is read. Nobody writes to it but those who move stock. */
export type StockLedger = {
  /** Newest first; the key of a page is the last id. */
  readonly listMovements: (
    filter: MovementFilter,
    page: PageRequest<string>,
  ) => Promise<Page<LedgerLine>>;
};
