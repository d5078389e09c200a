import type { GatewayConfig } from '@apollo/gateway';
import { isObjectType, type GraphQLSchema } from 'graphql';
import { isData, UnusualData, type Data } from './arrange-data.ts';

/** Receives each plan, with the document of its operation, before the gateway executes it. */
export type PlanReceiver = NonNullable<GatewayConfig['experimental_didResolveQueryPlan']>;

export type QueryPlan = Parameters<PlanReceiver>[0]['queryPlan'];
export type PlanNode = Exclude<QueryPlan['node'], undefined | { kind: 'Subscription' }>;
export type FetchNode = Extract<PlanNode, { kind: 'Fetch' }>;
type RequiredSelection = NonNullable<FetchNode['requires']>[number];

/** Sends the operation of a fetch. @returns the data of a response without errors */
export type Fetch = (node: FetchNode, variables: Data) => Promise<Data>;

/**
 * Whether a plan has only steps that `runPlan` knows. Others, such as the renaming of fields in a response, are in
 * few plans, and the gateway's to execute.
 */
export const isPlainPlan = (node: QueryPlan['node'], schema: GraphQLSchema): node is PlanNode => {
  switch (node?.kind) {
    case 'Sequence':
    case 'Parallel':
      return node.nodes.every((one) => isPlainPlan(one, schema));
    case 'Flatten':
      return node.path.every((step) => typeof step === 'string') && isPlainPlan(node.node, schema);
    case 'Condition':
      return [node.ifClause, node.elseClause].every((one) => !one || isPlainPlan(one, schema));
    case 'Fetch': {
      const { requires = [], inputRewrites = [], outputRewrites = [], contextRewrites = [] } = node;
      const rewrites = [inputRewrites, outputRewrites, contextRewrites].flat();
      return rewrites.length === 0 && requires.every((one) => isPlainSelection(one, schema));
    }
    case 'Defer':
    case 'Subscription':
    case undefined:
      return false;
  }
};

const isPlainSelection = (selection: RequiredSelection, schema: GraphQLSchema): boolean => {
  const { selections = [] } = selection;
  const isPlain =
    selection.kind === 'Field'
      ? selection.alias === undefined
      : isObjectType(schema.getType(selection.typeCondition ?? ''));
  return isPlain && selections.every((one) => isPlainSelection(one, schema));
};

/** Merges what a subgraph sent into what is there: objects by field, lists of one length by item. */
const merge = (target: Data, source: Data): void => {
  for (const [key, value] of Object.entries(source)) {
    if (key === '__proto__') throw new UnusualData();
    const existing = Object.hasOwn(target, key) ? target[key] : undefined;
    if (isData(existing) && isData(value)) merge(existing, value);
    else if (Array.isArray(existing) && Array.isArray(value) && existing.length === value.length) {
      mergeItems(existing, value);
    } else target[key] = value;
  }
};

const mergeItems = (target: unknown[], source: readonly unknown[]): void => {
  source.forEach((value, index) => {
    const existing = target[index];
    if (isData(existing) && isData(value)) merge(existing, value);
    else target[index] = value;
  });
};

/** The objects at a path, in which `@` stands for the items of a list. */
const findAt = (value: unknown, path: readonly (string | number)[]): readonly Data[] => {
  if (value === null || value === undefined) return [];
  const [step, ...rest] = path;
  if (step === '@' || (step === undefined && Array.isArray(value))) {
    if (!Array.isArray(value)) throw new UnusualData();
    return value.flatMap((item) => findAt(item, rest));
  }
  if (!isData(value)) throw new UnusualData();
  if (step === undefined) return [value];
  return findAt(Object.hasOwn(value, step) ? value[step] : undefined, rest);
};

/** What identifies an entity to another subgraph; null when a field of it is missing. */
const represent = (data: Data, selections: readonly RequiredSelection[]): Data | null => {
  const result: Data = {};
  for (const selection of selections) {
    if (selection.kind === 'InlineFragment') {
      if (data['__typename'] !== selection.typeCondition) continue;
      const part = represent(data, selection.selections);
      if (part) merge(result, part);
      continue;
    }
    const value = Object.hasOwn(data, selection.name) ? data[selection.name] : undefined;
    if (value === undefined) return null;
    const { selections: inner } = selection;
    if (!inner || value === null) result[selection.name] = value;
    else if (isData(value)) result[selection.name] = represent(value, inner);
    // A list is in no key of the shop.
    else throw new UnusualData();
  }
  return result;
};

/** Waits for all, also when one fails, so that no call is in progress after it. */
const waitForAll = async (all: readonly Promise<void>[]): Promise<void> => {
  await Promise.allSettled(all);
  await Promise.all(all);
};

/** The variables of a client's request. */
export type Variables = {
  /** As the client sent them. */
  readonly given: Data;
  /** Those of conditions, with defaults. */
  readonly conditions: Data;
};

const pickVariables = (names: readonly string[] = [], given: Data): Data => {
  const picked: Data = {};
  for (const name of names) {
    if (Object.hasOwn(given, name) && given[name] !== undefined) picked[name] = given[name];
  }
  return picked;
};

/**
 * Executes a plain plan as the gateway does, for as long as all goes well.
 * @returns the data of all subgraphs, with what only the plan needed
 * @throws UnusualData when a subgraph sent other data than the plan expects
 */
export const runPlan = async (
  plan: PlanNode,
  variables: Variables,
  fetch: Fetch,
): Promise<Data> => {
  const data: Data = {};

  const runFetch = async (node: FetchNode, targets: readonly Data[]): Promise<void> => {
    const own = pickVariables(node.variableUsages, variables.given);
    if (!node.requires) {
      if (targets.length === 0) return;
      const received = await fetch(node, own);
      for (const target of targets) merge(target, received);
      return;
    }
    const entities: Data[] = [];
    const representations: Data[] = [];
    for (const target of targets) {
      const representation = represent(target, node.requires);
      if (!representation?.['__typename']) continue;
      entities.push(target);
      representations.push(representation);
    }
    if (entities.length === 0) return;
    const { _entities: received } = await fetch(node, { ...own, representations });
    if (!Array.isArray(received) || received.length !== entities.length) throw new UnusualData();
    entities.forEach((entity, index) => {
      const part: unknown = received[index];
      if (isData(part)) merge(entity, part);
      else if (part !== null) throw new UnusualData();
    });
  };

  const run = async (node: PlanNode, targets: readonly Data[]): Promise<void> => {
    switch (node.kind) {
      case 'Sequence':
        for (const one of node.nodes) await run(one, targets);
        return;
      case 'Parallel':
        return waitForAll(node.nodes.map((one) => run(one, targets)));
      case 'Flatten':
        return run(
          node.node,
          targets.flatMap((target) => findAt(target, node.path)),
        );
      case 'Condition': {
        const next =
          variables.conditions[node.condition] === true ? node.ifClause : node.elseClause;
        return next && run(next, targets);
      }
      case 'Fetch':
        return runFetch(node, targets);
      case 'Defer':
        throw new UnusualData();
    }
  };

  await run(plan, [data]);
  return data;
};
