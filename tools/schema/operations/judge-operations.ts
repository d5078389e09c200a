import { buildSchema, validate, type GraphQLSchema } from 'graphql';
import { buildSubgraph, type Graph } from '../changes/find-changes.ts';
import type { Change } from '../changes/change.ts';
import { findUses } from './find-uses.ts';
import { label, type Operation } from './operation.ts';

/** A change, with the operations in this repository that it concerns. */
export type JudgedChange = Change & { readonly operations: readonly string[] };

/** An operation that is not valid, and why. */
export type BrokenOperation = { readonly operation: string; readonly faults: readonly string[] };

/** The schemas of a graph by the subgraph that an operation is sent to; null is the router. */
type Schemas = (subgraph: string | null) => GraphQLSchema | null;

const schemasOf = ({ apiSdl, subgraphs }: Graph): Schemas => {
  const api = buildSchema(apiSdl);
  const built = new Map(subgraphs.map(({ name, sdl }) => [name, buildSubgraph(sdl)]));
  return (subgraph) => (subgraph === null ? api : (built.get(subgraph) ?? null));
};

const faultsOf = (operation: Operation, schemas: Schemas): readonly string[] => {
  const schema = schemas(operation.subgraph);
  if (!schema) return [`there is no subgraph ${operation.subgraph}`];
  return validate(schema, operation.document).map(({ message }) => message);
};

/**
 * Judges the operations of this repository by the new graph.
 * @param before the graph of main; null when there is none to compare with
 * @returns the operations that are not valid, and every change with the operations that it concerns. An
 * operation in code or a document that was not valid before is left out: it is wrong on purpose.
 */
export const judgeOperations = (
  operations: readonly Operation[],
  before: Graph | null,
  after: Graph,
  changes: readonly Change[],
): { readonly changes: readonly JudgedChange[]; readonly broken: readonly BrokenOperation[] } => {
  const schemasBefore = before && schemasOf(before);
  const schemasAfter = schemasOf(after);
  const judged = operations
    .map((operation) => {
      const schema = schemasBefore?.(operation.subgraph) ?? null;
      const wasValid = schemasBefore !== null && faultsOf(operation, schemasBefore).length === 0;
      const faults = faultsOf(operation, schemasAfter);
      const uses = schema && wasValid ? findUses(operation, schema) : new Set<string>();
      return { operation, wasValid, faults, uses };
    })
    .filter(({ operation, wasValid }) => operation.isRequired || wasValid);
  const concerns = (change: Change) =>
    judged
      .filter(({ operation, uses, faults }) => {
        const isThere = change.subgraph === null || change.subgraph === operation.subgraph;
        if (!isThere || (change.isSeenByValidation && faults.length === 0)) return false;
        return change.uses.some((coordinate) => uses.has(coordinate));
      })
      .map(({ operation }) => label(operation));
  return {
    changes: changes.map((change) => ({ ...change, operations: concerns(change) })),
    broken: judged
      .filter(({ faults }) => faults.length > 0)
      .map(({ operation, faults }) => ({ operation: label(operation), faults })),
  };
};
