/** `breaking` ends requests of clients; `dangerous` may surprise them; `safe` does neither. */
export type Level = 'safe' | 'dangerous' | 'breaking';

/** One change of the graph, from main to now. */
export type Change = {
  readonly level: Level;
  /** The schema coordinate: `Product.imageUrl`, `Query.products(first:)`, `ProductSort.NEWEST`. */
  readonly coordinate: string;
  readonly message: string;
  /** Why it has its level; null where that is obvious. */
  readonly reason: string | null;
  /** The subgraph, when clients can't see it: only services and routers do. */
  readonly subgraph: string | null;
  /** What an operation that it concerns uses: any of these coordinates. */
  readonly uses: readonly string[];
  /** Whether an operation that remains valid is not concerned. */
  readonly isSeenByValidation: boolean;
  /** Whether only the public contract changes, which front ends generate code from. */
  readonly isContractOnly: boolean;
};
