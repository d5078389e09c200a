/** A product whose stock differs from its ledger. */
export type Imbalance = {
  readonly sku: string;
  readonly stock: number;
  readonly ledgerStock: number;
  /** Units that reservations hold, and the number that the ledger has. */
  readonly held: number;
  readonly ledgerHeld: number;
};

/** A category whose stored count differs from the number of its products. */
export type Miscount = {
  readonly category: string;
  readonly counted: number;
  readonly stated: number;
};

/** A product that is left out of every list, and why. */
export type HiddenProduct = { readonly id: string; readonly sku: string; readonly fault: string };

/** The result of an audit: one consistent snapshot. */
export type Audit = {
  readonly products: number;
  readonly movements: number;
  readonly imbalances: readonly Imbalance[];
  readonly miscounts: readonly Miscount[];
  readonly hidden: readonly HiddenProduct[];
};

/** Compares the catalogue with its ledger and its counts. */
export type CatalogueAuditor = { readonly audit: () => Promise<Audit> };
