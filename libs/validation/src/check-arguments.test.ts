import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  buildSchema,
  execute,
  getVariableValues,
  GraphQLError,
  Kind,
  parse,
  validate,
  type OperationDefinitionNode,
} from 'graphql';
import { checkArguments } from './check-arguments.ts';

const schema = buildSchema(`
  enum Sort { NEWEST OLDEST }
  scalar Any
  input Price { amount: Int! = 1 any: Any! = "x" }
  input Filter { stock: Int! = 0 sort: Sort! = NEWEST price: Price prices: [Price!] texts: [String!]! = [] }
  type Query {
    plain(first: Int! = 20, sort: Sort! = NEWEST, any: Any! = 1, texts: [String!]): Int
    nested(filter: Filter! = {}): Query
    must(n: Int!): Int
  }
`);

const readOperation = (query: string) => {
  const document = parse(query);
  const [operation] = document.definitions.filter(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation) throw new Error('the document has no operation');
  return { schema, document, operation };
};

const isValid = (query: string): boolean => validate(schema, parse(query)).length === 0;

/** The error of checkArguments; null when there is none. */
const faultOf = (query: string, given: Record<string, unknown>): GraphQLError | null => {
  const request = readOperation(query);
  const { variableDefinitions = [] } = request.operation;
  const { coerced } = getVariableValues(schema, variableDefinitions, given);
  if (!coerced) throw new Error('the variables are not valid');
  try {
    checkArguments(request, coerced);
    return null;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
};

describe('a null variable for a non-null position', () => {
  it.each([
    ['an argument', 'query ($v: Int) { plain(first: $v) }', 'first'],
    ['an argument, and the variable has a default', 'query ($v: Int = 1) { must(n: $v) }', 'n'],
    ['an enum', 'query ($v: Sort) { plain(sort: $v) }', 'sort'],
    ['a custom scalar', 'query ($v: Any) { plain(any: $v) }', 'any'],
    ['an object', 'query ($v: Filter) { nested(filter: $v) { must(n: 1) } }', 'filter'],
    ['a field', 'query ($v: Int) { nested(filter: { stock: $v }) { must(n: 1) } }', 'filter.stock'],
    [
      'a nested field',
      'query ($v: Int) { nested { nested(filter: { stock: 1 price: { amount: $v } }) { must(n: 1) } } }',
      'filter.price.amount',
    ],
    [
      'a field of an item',
      'query ($v: Any) { nested(filter: { prices: [{}, { any: $v }] }) { must(n: 1) } }',
      'filter.prices.1.any',
    ],
    ['an item', 'query ($v: String = "a") { plain(texts: ["a", $v]) }', 'texts.1'],
    [
      'a list',
      'query ($v: [String!]) { nested(filter: { texts: $v }) { must(n: 1) } }',
      'filter.texts',
    ],
    ['@include', 'query ($v: Boolean = true) { plain @include(if: $v) }', '@include.if'],
    ['@skip', 'query ($v: Boolean = true) { ... @skip(if: $v) { plain } }', '@skip.if'],
    [
      'a fragment',
      'query ($v: Int) { nested { ...F } } fragment F on Query { plain(first: $v) }',
      'first',
    ],
    [
      'introspection',
      'query ($v: Boolean = true) { __schema { types { fields(includeDeprecated: $v) { name } } } }',
      null,
    ],
  ])('is refused: %s', (_what, query, path) => {
    expect(isValid(query)).toBe(true);
    const fault = faultOf(query, { v: null });
    if (path === null) expect(fault).toBeNull();
    else {
      expect(fault?.message).toBe(`${path} must not be null`);
      expect(fault?.extensions).toEqual({
        code: 'BAD_USER_INPUT',
        http: { status: 400 },
        argument: path,
        fault: 'must not be null',
      });
    }
    expect(faultOf(query, {})).toBeNull();
  });

  it.each([
    ['skipped', 'query ($v: Int $s: Boolean!) { plain(first: $v) @skip(if: $s) must(n: 1) }'],
    [
      'not included',
      'query ($v: Int $s: Boolean!) { ... @include(if: false) { plain(first: $v) } must(n: 1) __typename @skip(if: $s) }',
    ],
    [
      'skipped before it is included',
      'query ($v: Boolean = true $s: Boolean!) { must(n: 1) @skip(if: $s) @include(if: $v) }',
    ],
    [
      'never spread',
      'query ($v: Int $s: Boolean!) { must(n: 1) ...F @skip(if: $s) } fragment F on Query { plain(first: $v) }',
    ],
  ])('is not checked where its field is %s', (_what, query) => {
    expect(isValid(query)).toBe(true);
    expect(faultOf(query, { v: null, s: true })).toBeNull();
  });

  it('is refused exactly where graphql-js fails', () => {
    const leaf = fc.constantFrom('$i', '1');
    const text = fc.constantFrom('"a"', '$t');
    const list = (of: fc.Arbitrary<string>) =>
      fc.array(of, { maxLength: 3 }).map((items) => `[${items.join(' ')}]`);
    const price = leaf.map((amount) => `{ amount: ${amount} any: "x" }`);
    const filter = fc
      .tuple(leaf, price, list(price), list(text), fc.constantFrom('$s', 'NEWEST'))
      .map(
        ([stock, one, prices, texts, sort]) =>
          `{ stock: ${stock} price: ${one} prices: ${prices} texts: ${texts} sort: ${sort} }`,
      );
    const condition = fc.constantFrom(
      '',
      '@skip(if: $b)',
      '@include(if: $b)',
      '@include(if: true)',
    );
    const query = fc.tuple(filter, condition, leaf, condition).map(
      ([one, first, n, second]) =>
        `query ($i: Int = 1 $t: String = "a" $s: Sort = OLDEST $b: Boolean = true) {
             used: plain(first: 1) @skip(if: false)
             nested(filter: ${one}) ${first} { must(n: ${n}) ${second} plain }
           }`,
    );
    const given = fc.record(
      {
        i: fc.constantFrom(null, 2),
        t: fc.constantFrom(null, 'b'),
        s: fc.constantFrom(null, 'NEWEST'),
        b: fc.constantFrom(null, true, false),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(query, given, (text, variables) => {
        const result = execute({
          schema,
          document: parse(text),
          variableValues: variables,
          rootValue: { nested: {}, plain: 1, must: 1 },
        }) as { readonly errors?: unknown };
        expect(faultOf(text, variables) !== null).toBe(result.errors !== undefined);
      }),
      { numRuns: 500 },
    );
  });
});
