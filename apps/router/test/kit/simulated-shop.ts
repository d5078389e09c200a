import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  buildSchema,
  getNullableType,
  graphql,
  GraphQLNonNull,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  parse,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

/** An object of the simulated shop: everything about it follows from its type and its id. */
type Simulated = { readonly __typename: string; readonly $id: string };

type Request = { readonly query: string; readonly variables?: Record<string, unknown> };

/** The shop's schemas with made-up data, which every schema answers in the same way. */
export type SimulatedShop = {
  /** Where the subgraphs are, as the router's environment names them. */
  readonly env: Readonly<Record<string, string>>;
  /** What one server with the whole public schema would answer. */
  readonly answerAsOne: (request: Request) => Promise<ExecutionResult>;
  /** How many requests the subgraphs got. */
  readonly requests: () => number;
  readonly close: () => void;
};

const SUBGRAPHS = ['user', 'product', 'order', 'payment'] as const;

const ENTITIES = new Set(['User', 'Product', 'Order', 'Payment']);

/** There are so many of each entity, so that the same one is met on several ways. */
const ENTITY_COUNT = 4;

const readSchema = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** FNV-1a: the same number for the same text, in every schema. */
const hash = (seed: string): number => {
  let value = 0x811c9dc5;
  for (let index = 0; index < seed.length; index += 1) {
    value = Math.imul(value ^ seed.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
};

const sortByName = <Named extends { readonly name: string }>(types: readonly Named[]): Named[] =>
  [...types].sort((one, other) => (one.name < other.name ? -1 : 1));

const pick = <Item>(items: readonly Item[], seed: string): Item =>
  items[hash(seed) % items.length] as Item;

const simulate = (type: GraphQLOutputType, seed: string, schema: GraphQLSchema): unknown => {
  if (!isNonNullType(type) && hash(`${seed} is null`) % 5 === 0) return null;
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const length = 1 + (hash(`${seed} length`) % 2);
    const item = nullable.ofType;
    return Array.from({ length }, (_, index) => simulate(item, `${seed}[${index}]`, schema));
  }
  if (isEnumType(nullable)) return pick(sortByName(nullable.getValues()), seed).value;
  if (isUnionType(nullable) || isInterfaceType(nullable)) {
    const member = pick(sortByName(schema.getPossibleTypes(nullable)), seed);
    return simulate(new GraphQLNonNull(member), seed, schema);
  }
  if (isObjectType(nullable)) {
    const { name } = nullable;
    const number = hash(seed) % ENTITY_COUNT;
    return { __typename: name, $id: ENTITIES.has(name) ? `${name}:${number}` : seed };
  }
  switch (nullable.name) {
    case 'Boolean':
      return hash(seed) % 2 === 0;
    case 'Int':
    case 'SafeInt':
    case 'Float':
      return hash(seed) % 1_000;
    default:
      return seed;
  }
};

/** The keys of an entity follow from its id, and say which one it is. */
const keyOf = (source: Simulated, field: string): string | undefined => {
  if (!ENTITIES.has(source.__typename)) return undefined;
  if (field === 'id') return source.$id;
  return field === 'sku' ? `sku of ${source.$id}` : undefined;
};

/** @param failing one of so many fields fails; 0 for none */
const makeFieldResolver =
  (failing: number): GraphQLFieldResolver<Simulated | undefined, unknown> =>
  (source = { __typename: 'root', $id: 'root' }, args, _context, info) => {
    const key = keyOf(source, info.fieldName);
    if (key !== undefined) return key;
    if (failing > 0 && hash(`${source.$id}.${info.fieldName} fails`) % failing === 0) {
      throw new Error(`${info.fieldName} fails`);
    }
    const given = JSON.stringify(args, Object.keys(args as object).sort());
    return simulate(info.returnType, `${source.$id}.${info.fieldName}${given}`, info.schema);
  };

const makeRun = (failing: number) => {
  const fieldResolver = makeFieldResolver(failing);
  return (schema: GraphQLSchema, { query, variables }: Request): Promise<ExecutionResult> =>
    graphql({
      schema,
      source: query,
      ...(variables && { variableValues: variables }),
      fieldResolver,
    });
};

const resolveReference = (reference: { __typename: string; id?: string; sku?: string }) => ({
  __typename: reference.__typename,
  $id: reference.id ?? reference.sku?.replace('sku of ', ''),
});

const makeSubgraph = (name: string): GraphQLSchema => {
  const typeDefs = parse(readSchema(`${name}/schema.graphql`));
  const declared = new Set(
    typeDefs.definitions.map((definition) => ('name' in definition ? definition.name?.value : '')),
  );
  const resolvers = Object.fromEntries(
    [...ENTITIES]
      .filter((entity) => declared.has(entity))
      .map((entity) => [entity, { __resolveReference: resolveReference }]),
  );
  return buildSubgraphSchema([{ typeDefs, resolvers: resolvers as never }]);
};

/**
 * Starts the four subgraphs over HTTP, all on one port.
 * @param options.failing one of so many fields fails; none by default
 */
export const startSimulatedShop = async ({ failing = 0 } = {}): Promise<SimulatedShop> => {
  const run = makeRun(failing);
  let requests = 0;
  const whole = buildSchema(readSchema('router/api.graphql'));
  const schemas = new Map(SUBGRAPHS.map((name) => [`/${name}`, makeSubgraph(name)]));
  const server = createServer((request, response) => {
    requests += 1;
    void (async () => {
      const asked = JSON.parse(await text(request)) as Request;
      const schema = schemas.get(request.url ?? '');
      if (!schema) throw new Error(`there is no subgraph at ${request.url}`);
      response.setHeader('content-type', 'application/json');
      // As if all that the product service sends were public.
      if (request.url === '/product') response.setHeader('cache-control', 'max-age=60, public');
      response.end(JSON.stringify(await run(schema, asked)));
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    env: Object.fromEntries(
      SUBGRAPHS.map((name) => [`${name.toUpperCase()}_URL`, `http://127.0.0.1:${port}/${name}`]),
    ),
    answerAsOne: (request) => run(whole, request),
    requests: () => requests,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
