import type { Page, PageRequest } from '@cartograph/pagination';

/** What happened to units of a product. */
export type StockMovementKind = 'ADJUSTED' | 'RESERVED' | 'COMMITTED' | 'RELEASED';

/**
 * One row of the stock ledger. The sum of a product's `stockDelta` is its stock, the sum of its
 * `heldDelta` is the number of units that are reserved for orders.
 */
export type StockMovement = {
  readonly id: string;
  readonly productId: string;
  readonly kind: StockMovementKind;
  readonly stockDelta: number;
  readonly heldDelta: number;
  readonly orderId: string | null;
  /** The id of an account, or the name of a process. */
  readonly actor: string;
  readonly reason: string;
  readonly at: Date;
};

/** Who changes stock, and why. */
export type Cause = { readonly actor: string; readonly reason: string };

/** Which movements to list. */
export type MovementFilter = {
  readonly productId?: string | undefined;
  readonly orderId?: string | undefined;
};

/** A row of the ledger; its movement is null when it can't be displayed. */
export type LedgerRow = { readonly id: string; readonly movement: StockMovement | null };

/** Reads the movements of stock. The stores that change stock write them. */
export type StockLedger = {
  /** Newest first, from either end; the key of a page is the id of the movement next to it. */
  readonly listMovements: (
    filter: MovementFilter,
    page: PageRequest<string>,
  ) => Promise<Page<LedgerRow>>;
};
