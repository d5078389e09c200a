import type { DocumentNode } from 'graphql';

/** An operation that this repository commits, with its fragments. */
export type Operation = {
  /** `GetOrder`, or `anonymous`. */
  readonly name: string;
  /** Where it is: a file, with the line in a file of code or text. */
  readonly place: string;
  readonly document: DocumentNode;
  /** The subgraph that it is sent to; null for the router. */
  readonly subgraph: string | null;
  /**
   * Whether it is in a file of operations, which must be valid. Those in tests and documents may be
   * wrong on purpose: what matters is whether they were valid before.
   */
  readonly isRequired: boolean;
};

/** The name of an operation and its place, for people. */
export const label = ({ name, place }: Operation): string => `${name} (${place})`;
