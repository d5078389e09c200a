/** What happened to units of a product. */
export type StockMovementKind = 'ADJUSTED' | 'RESERVED' | 'COMMITTED' | 'RELEASED';

/**
 * One line of the stock ledger. The sum of `stockDelta` of a product is its stock, that of
 * `heldDelta` what is set aside for orders.
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

/** Who changes stock, and why: what a line of the ledger says besides the figures. */
export type Cause = { readonly actor: string; readonly reason: string };
