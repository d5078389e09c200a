import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leastCpuMs, makeSubgraphCaller } from '@cartograph/testing';
import { openSubgraph, type TestSubgraph } from '../test/open-subgraph.ts';

const TYPES = `
  type Query {
    lamps(first: Int = 20, text: String): [Lamp!]
      @auth(requires: PUBLIC)
      @listSize(assumedSize: 20, slicingArguments: ["first"])
    login: String @auth(requires: PUBLIC) @cost(weight: 500)
  }
  type Lamp @key(fields: "id") @auth(requires: PUBLIC) {
    id: ID!
    related(first: Int = 20): [Lamp!]
      @listSize(assumedSize: 20, slicingArguments: ["first"])
  }
`;

let subgraph: TestSubgraph;
let resolved = 0;

beforeAll(async () => {
  const lamps = () => {
    resolved += 1;
    return [{ id: '1' }];
  };
  subgraph = await openSubgraph(TYPES, {
    Query: { lamps, login: () => 'token' },
    Lamp: { related: lamps, __resolveReference: (reference: object) => reference },
  });
});

afterAll(() => subgraph.close());

const send = (query: string, variables?: object) =>
  makeSubgraphCaller(subgraph.app)(query, variables);

const repeat = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

const BOMB = `{ ...F0 } ${repeat(18, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)}
  fragment F18 on Query { __typename }`;

const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Lamp { id related(first: 100) { id } } }
}`;

const representations = (count: number) => ({
  representations: Array.from({ length: count }, (_, id) => ({ __typename: 'Lamp', id })),
});

describe('a subgraph', () => {
  it.each([
    ['4,000 bytes of __typename', `{ ${'__typename '.repeat(400)} }`, 'LARGE', 'response path'],
    ['4,000 __typename', `{ ${'__typename '.repeat(4_000)} }`, 'LARGE', 'selections'],
    ['7,000 __typename', `{ ${'__typename '.repeat(7_000)} }`, 'LARGE', 'tokens'],
    ['40,000 __typename', `{ ${'__typename '.repeat(40_000)} }`, 'LARGE', 'bytes'],
    ['aliases', `{ ${repeat(1_000, (n) => `a${n}:__typename`)} }`, 'LARGE', 'aliases'],
    ['fragments that unfold without end', BOMB, 'LARGE', 'selections'],
    ['directives', `{ __typename ${'@include(if: true) '.repeat(700)} }`, 'LARGE', 'directives'],
    ['depth', '{lamps'.repeat(300) + '}'.repeat(300), 'LARGE', 'levels'],
    [
      'variables',
      `query (${repeat(900, (n) => `$v${n}: Int`)}) { __typename }`,
      'LARGE',
      'variable definitions',
    ],
    ['a long string', `{ lamps(text: "${'x'.repeat(900_000)}") { id } }`, 'LARGE', 'bytes'],
    [
      'lists in lists',
      `{ lamps(first: 100) { related(first: 100) { related(first: 100) { id } } } }`,
      'EXPENSIVE',
      'is the most',
    ],
    [
      'aliased lists',
      `{ ${repeat(99, (n) => `a${n}: lamps(first: 100) { related(first: 2) { id } }`)} }`,
      'EXPENSIVE',
      'is the most',
    ],
    ['41 expensive fields', `{ ${repeat(41, (n) => `a${n}: login`)} }`, 'EXPENSIVE', 'is the most'],
  ])('refuses %s before it is executed, under 50 ms of CPU', async (_what, query, what, why) => {
    const before = resolved;
    const { status, data, errors } = await send(query);
    expect({ status, data }).toEqual({ status: 400, data: undefined });
    expect(errors).toMatchObject([{ extensions: { code: `OPERATION_TOO_${what}` } }]);
    expect(errors[0]?.message).toMatch(/^The operation (has more than|costs) \d+/);
    expect(errors[0]?.message).toContain(why);
    expect(await leastCpuMs(() => send(query), 50)).toBeLessThan(50);
    expect(resolved).toBe(before);
  });

  it.each(['subscription { lampChanged { id } }', 'subscription { __typename }'])(
    'refuses %s: it has no such operations',
    async (query) => {
      expect(await send(query)).toMatchObject({
        status: 400,
        errors: [
          {
            message: 'The schema has no subscriptions.',
            extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
          },
        ],
      });
    },
  );

  it('measures entities by their representations', async () => {
    const { data } = await send(ENTITIES, representations(50));
    expect(data._entities).toHaveLength(50);
    expect(await send(ENTITIES, representations(200))).toMatchObject({
      status: 400,
      errors: [
        {
          message: expect.stringContaining('20200'),
          extensions: { code: 'OPERATION_TOO_EXPENSIVE' },
        },
      ],
    });
    expect(await send(ENTITIES, representations(20_000))).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'OPERATION_TOO_LARGE' } }],
    });
  });

  it('executes what is within its limits', async () => {
    expect(await send('{ lamps(first: 100) { related(first: 100) { id } } }')).toMatchObject({
      status: 200,
      data: { lamps: [{ related: [{ id: '1' }] }] },
    });
    expect((await send('{ a: login b: login }')).data).toEqual({ a: 'token', b: 'token' });
  });
});
