import { createHash } from 'node:crypto';
import { Kind, OperationTypeNode, parse } from 'graphql';

/** An operation of a manifest. */
export type ManifestOperation = {
  readonly id: string;
  readonly name: string;
  readonly type: 'query' | 'mutation';
  readonly body: string;
};

/** A manifest in the format of Apollo's persisted queries. */
export type Manifest = {
  readonly format: 'apollo-persisted-query-manifest';
  readonly version: 1;
  readonly operations: readonly ManifestOperation[];
};

const describe = (body: string): ManifestOperation => {
  const [operation, another] = parse(body).definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation?.name || another || operation.operation === OperationTypeNode.SUBSCRIPTION) {
    throw new Error(`a manifest has texts of one query or mutation with a name, not ${body}`);
  }
  return {
    id: createHash('sha256').update(body).digest('hex'),
    name: operation.name.value,
    type: operation.operation,
    body,
  };
};

/**
 * Makes the manifest of operations, sorted by name.
 * @param texts exactly as they are sent: the id is the SHA-256 of its text
 */
export const makeManifest = (texts: readonly string[]): Manifest => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: texts.map(describe).toSorted((one, other) => (one.name < other.name ? -1 : 1)),
});
