import { describe, expect, it } from 'vitest';
import { buildSchema, Kind, parse, type OperationDefinitionNode } from 'graphql';
import { readCostRules } from './cost-rules.ts';
import { measureCost } from './measure-cost.ts';

const SDL = `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | FIELD_DEFINITION | INPUT_FIELD_DEFINITION
  directive @listSize(
    assumedSize: Int
    slicingArguments: [String!]
    sizedFields: [String!]
    requireOneSlicingArgument: Boolean = true
  ) on FIELD_DEFINITION
  scalar _Any
  union _Entity = Lamp
  type Query {
    lamps(first: Int, last: Int, filter: Filter, exact: Boolean @cost(weight: 7)): Lamps!
      @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["nodes", "edges"])
    byDefault(first: Int = 5): Lamps!
      @listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["nodes"])
    top(first: Int = 3): [Lamp!]! @listSize(slicingArguments: ["first"])
    some: [Lamp] @listSize(assumedSize: 4)
    unsaid: [Lamp!]
    lamp: Lamp
    named: Named
    dear: Lamp @cost(weight: 40)
    free: Lamp @cost(weight: 0)
    _entities(representations: [_Any!]!): [_Entity]!
  }
  type Mutation { login(password: String!): Lamp @cost(weight: 500) }
  type Lamps { nodes: [Lamp!]! edges: [Edge!]! count: Int! @cost(weight: 50) info: Info! }
  type Edge { node: Lamp! }
  type Info { more: Boolean! }
  interface Named { name: String! }
  type Lamp implements Named { name: String! tags: [String!]! related: [Lamp!]! @listSize(assumedSize: 2) }
  input Filter { text: String @cost(weight: 30), and: [Filter!], inStock: Boolean }
`;

const schema = buildSchema(SDL);
const rules = readCostRules(parse(SDL));

const cost = (text: string, variables: Record<string, unknown> = {}): number => {
  const document = parse(text);
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION,
  );
  return measureCost({ schema, document, operation: operation as never }, variables, rules);
};

describe('the cost of an operation', () => {
  it.each([
    ['{ __typename }', 0],
    ['{ lamp { name } }', 1],
    ['{ lamp { name tags } }', 1],
    ['{ named { name } }', 1],
    ['{ a: lamp { name } b: lamp { name } }', 2],
    ['{ lamp { name } lamp { name } }', 2],
    ['{ dear { name } }', 40],
    ['{ free { name } }', 0],
    ['{ some { name } }', 4],
    ['{ unsaid { name } }', 10],
    ['{ some { related { related { name } } } }', 4 * (1 + 2 * (1 + 2))],
    ['{ lamp @include(if: false) { name } }', 1],
    ['{ ...F } fragment F on Query { lamp { ...G } } fragment G on Lamp { related { name } }', 3],
    ['{ ... on Query { lamp { ... { related { name } } } } }', 3],
    ['{ named { ... on Lamp { related { name } } } }', 3],
    ['{ __schema { types { name } } }', 1_000],
    ['{ __type(name: "Lamp") { name } lamp { name } }', 101],
    ['mutation { login(password: "x") { name } }', 500],
    ['mutation { a: login(password: "x") { name } b: login(password: "x") { name } }', 1_000],
  ])('%s is %d', (text, expected) => {
    expect(cost(text)).toBe(expected);
  });
});

describe('the length of a list', () => {
  it.each([
    ['{ lamps { nodes { name } } }', 21],
    ['{ lamps(first: 3) { nodes { name } } }', 4],
    ['{ lamps(first: 3, last: 50) { nodes { name } } }', 51],
    ['{ lamps(first: null) { nodes { name } } }', 21],
    ['{ lamps(first: 3) { edges { node { name } } } }', 1 + 3 * 2],
    ['{ lamps(first: 3) { nodes { name } edges { node { name } } } }', 1 + 3 + 3 * 2],
    ['{ lamps(first: 30) { count info { more } } }', 52],
    ['{ lamps(first: 3) { ...F } } fragment F on Lamps { nodes { name } }', 4],
    ['{ lamps(first: 3) { ... on Lamps { nodes { name } } } }', 4],
    ['{ lamps(first: 3) { x: nodes { name } } }', 4],
    ['{ byDefault { nodes { name } } }', 6],
    ['{ byDefault(first: null) { nodes { name } } }', 21],
    ['{ top { name } }', 3],
    ['{ top(first: 9) { name } }', 9],
    // The page size is rejected later, so it is counted as the maximum.
    ['{ lamps(first: 1000000000) { nodes { name } } }', 101],
    ['{ lamps(first: -5) { nodes { name } } }', 1],
  ])('in %s makes %d', (text, expected) => {
    expect(cost(text)).toBe(expected);
  });

  it('comes from variables and their defaults', () => {
    const text = 'query ($n: Int = 7) { lamps(first: $n) { nodes { name } } }';
    expect(cost(text)).toBe(8);
    expect(cost(text, { n: 50 })).toBe(51);
    expect(cost(text, { n: null })).toBe(21);
    expect(cost('query ($n: Int) { byDefault(first: $n) { nodes { name } } }')).toBe(6);
    expect(cost(text, { n: 'not a number' })).toBe(21);
  });

  it('of entities is the number of representations', () => {
    const text = `query ($representations: [_Any!]!, $n: Int) {
      _entities(representations: $representations) { ... on Lamp { name related { name } } }
    }`;
    const representations = Array.from({ length: 250 }, () => ({ __typename: 'Lamp' }));
    expect(cost(text, { representations })).toBe(250 * (1 + 2));
    expect(cost(text, { representations: representations[0] })).toBe(3);
    expect(cost('{ _entities(representations: [{}, {}]) { ... on Lamp { name } } }')).toBe(2);
  });
});

describe('a variable', () => {
  it.each(['x', 'constructor', 'toString', 'hasOwnProperty', '__proto__'])(
    'of the name %s counts with its value or its default',
    (name) => {
      const listOf = (definition: string) =>
        `query($${name}: Int${definition}) { lamps(first: $${name}) { nodes { name } } }`;
      const given = JSON.parse(`{"${name}": 50}`) as Record<string, unknown>;
      expect(cost(listOf(''), given)).toBe(51);
      expect(cost(listOf(' = 50'))).toBe(51);
    },
  );
});

describe('the weight of an argument', () => {
  it.each([
    ['{ lamps(first: 1, exact: true) { nodes { name } } }', 9],
    ['{ lamps(first: 1, exact: null) { nodes { name } } }', 2],
    ['{ lamps(first: 1, filter: { inStock: true }) { nodes { name } } }', 2],
    ['{ lamps(first: 1, filter: { text: "a" }) { nodes { name } } }', 32],
    ['{ lamps(first: 1, filter: { text: null }) { nodes { name } } }', 2],
    ['{ lamps(first: 1, filter: { and: [{ text: "a" }, { text: "b" }] }) { nodes { name } } }', 62],
    ['{ lamps(first: 1, filter: { and: { text: "a" } }) { nodes { name } } }', 32],
  ])('in %s makes %d', (text, expected) => {
    expect(cost(text)).toBe(expected);
  });

  it('counts for values of variables, whole or part', () => {
    const whole = 'query ($f: Filter) { lamps(first: 1, filter: $f) { nodes { name } } }';
    expect(cost(whole, { f: { text: 'a' } })).toBe(32);
    expect(cost(whole, { f: {} })).toBe(2);
    const part = 'query ($t: String) { lamps(first: 1, filter: { text: $t }) { nodes { name } } }';
    expect(cost(part, { t: 'a' })).toBe(32);
    expect(cost(part)).toBe(2);
  });
});

describe('the rules of a schema', () => {
  it('have weights that are numbers', () => {
    const read = (weight: string) => () =>
      readCostRules(parse(`type Query { a: Int @cost(weight: ${weight}) }`));
    expect(read('3')().weights).toEqual(new Map([['Query.a', 3]]));
    // IBM's specification writes them as text.
    expect(read('"3.5"')().weights).toEqual(new Map([['Query.a', 3.5]]));
    for (const weight of ['"many"', '-1', '[]', '"Infinity"'])
      expect(read(weight)).toThrow(/Query\.a/);
  });
});
