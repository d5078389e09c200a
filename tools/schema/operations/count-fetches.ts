import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type PlanNode } from '@apollo/query-planner';
import { label, type Operation } from './operation.ts';

/** The subgraphs that an operation is fetched from, one for each fetch of its query plan. */
export type Fetches = Readonly<Record<string, readonly string[]>>;

const fetchesOf = (node: PlanNode | undefined): readonly string[] => {
  if (!node) return [];
  switch (node.kind) {
    case 'Fetch':
      return [node.serviceName];
    case 'Flatten':
      return fetchesOf(node.node);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchesOf);
    case 'Condition':
      return [...fetchesOf(node.ifClause), ...fetchesOf(node.elseClause)];
    case 'Defer':
      return [
        ...fetchesOf(node.primary.node),
        ...node.deferred.flatMap(({ node: deferred }) => fetchesOf(deferred)),
      ];
  }
};

/**
 * Plans operations as the gateway does, and counts what each fetches.
 * @returns by name and file of the operation, since two clients may use the same name, in their order
 */
export const countFetches = (supergraphSdl: string, operations: readonly Operation[]): Fetches => {
  const supergraph = Supergraph.build(supergraphSdl);
  const api = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph);
  const counted = operations
    .filter(({ subgraph, isRequired }) => subgraph === null && isRequired)
    .map((operation) => {
      const { node } = planner.buildQueryPlan(operationFromDocument(api, operation.document));
      return [label(operation), node?.kind === 'Subscription' ? [] : fetchesOf(node)] as const;
    });
  return Object.fromEntries(counted.toSorted(([one], [other]) => (one < other ? -1 : 1)));
};
