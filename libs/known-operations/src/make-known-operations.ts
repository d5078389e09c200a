import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Operations that are stored. The pages of a shop, and the router's plans of them, are some dozens. */
const MAX_DOCUMENTS = 500;

/** Characters of all texts together: their syntax trees take about a hundred times as much memory. */
const MAX_TEXT = 262_144;

/** An operation that Apollo Server has parsed, and found valid and within the limits. */
export type KnownOperation = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Apollo Server's, of the text. */
  readonly queryHash: string;
};

/** Makes the store of known operations, by the text of their document and their name in it. */
export const makeKnownOperations = () => {
  // A document has few operations, so few names are stored with each.
  const documents = new LRUCache<string, Map<string | undefined, KnownOperation>>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_TEXT,
    sizeCalculation: (_, text) => text.length,
  });
  return {
    find: (text: string, name: string | undefined): KnownOperation | null =>
      documents.get(text)?.get(name) ?? null,
    add: (text: string, name: string | undefined, known: KnownOperation): void => {
      const operations = documents.get(text) ?? new Map<string | undefined, KnownOperation>();
      documents.set(text, operations.set(name, known));
    },
  };
};
