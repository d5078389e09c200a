import type { Product } from './product.ts';

/** Where the whole catalogue is read from beginning to end. */
export type CatalogueReader = {
  /** The products that are listed, in the order of arrival, a page at a time. */
  readonly readProducts: () => AsyncIterable<readonly Product[]>;
};

/** A product whose stock is not what its ledger says. */
export type Imbalance = {
  readonly sku: string;
  readonly stock: number;
  readonly ledgerStock: number;
  /** Units that reservations hold, and what the ledger says of them. */
  readonly held: number;
  readonly ledgerHeld: number;
};

/** A shelf that says another number of products than stand on it. */
export type Miscount = {
  readonly category: string;
  readonly counted: number;
  readonly stated: number;
};

/** A product that is left out of every list, and why. */
export type HiddenProduct = { readonly id: string; readonly sku: string; readonly fault: string };

/** What an audit of the catalogue found, all of it at one moment. */
export type Audit = {
  readonly products: number;
  readonly movements: number;
  readonly imbalances: readonly Imbalance[];
  readonly miscounts: readonly Miscount[];
  readonly hidden: readonly HiddenProduct[];
};

/** Where the books are compared with what is there. */
export type CatalogueAuditor = { readonly audit: () => Promise<Audit> };
