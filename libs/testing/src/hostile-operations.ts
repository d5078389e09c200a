/** A request that tries to exhaust a server, and how it is refused. */
export type HostileOperation = {
  readonly what: string;
  readonly query: string;
  readonly variables?: object;
  readonly code: 'OPERATION_TOO_LARGE' | 'OPERATION_TOO_EXPENSIVE';
  readonly message: RegExp;
};

/** So many texts, each made from its index. */
const repeat = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

const tooLarge = (
  what: string,
  message: RegExp,
  query: string,
  variables?: object,
): HostileOperation => ({
  what,
  query,
  ...(variables && { variables }),
  code: 'OPERATION_TOO_LARGE',
  message,
});

const tooExpensive = (what: string, query: string): HostileOperation => ({
  what,
  query,
  code: 'OPERATION_TOO_EXPENSIVE',
  message: /costs \d+/,
});

const nestedOrders = (levels: number): string =>
  levels === 0
    ? 'id'
    : `id customer { orders(first: 100) { nodes { ${nestedOrders(levels - 1)} } } }`;

/** Requests that have stalled a service, or could. */
export const HOSTILE_OPERATIONS: readonly HostileOperation[] = [
  tooLarge('4 kB of __typename', /response path/, `{ ${'__typename '.repeat(370)} }`),
  tooLarge('4,000 __typename', /tokens/, `{ ${'__typename '.repeat(4_000)} }`),
  tooLarge('40,000 __typename', /bytes/, `{ ${'__typename '.repeat(40_000)} }`),
  tooLarge('aliases of __typename', /aliases/, `{ ${repeat(900, (n) => `a${n}:__typename`)} }`),
  tooLarge(
    'fragments that expand exponentially',
    /selections/,
    `{ ...f0 } ${repeat(18, (n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`)} fragment f18 on Query { __typename }`,
  ),
  tooLarge(
    'many fragments',
    /fragment definitions/,
    `{ ${repeat(300, (n) => `...f${n}`)} } ${repeat(300, (n) => `fragment f${n} on Query { __typename }`)}`,
  ),
  tooLarge('directives', /directives/, `{ __typename ${'@include(if: true) '.repeat(400)} }`),
  tooLarge('fields nested deep', /levels/, '{a'.repeat(400) + '}'.repeat(400)),
  tooLarge('fields nested deeper than the parser', /levels|tokens/, '{a'.repeat(8_000)),
  tooLarge(
    'lists nested deep',
    /levels/,
    `{ products(first: ${'['.repeat(900)}${']'.repeat(900)}) { totalCount } }`,
  ),
  tooLarge(
    'equal fields with long arguments',
    /values to compare/,
    `{ ${repeat(20, () => `products(filter: { skus: [${'"a" '.repeat(100)}] }) { totalCount }`)} }`,
  ),
  tooLarge(
    'variables',
    /variable definitions/,
    `query (${repeat(500, (n) => `$v${n}: Int`)}) { __typename }`,
  ),
  tooLarge(
    'operations',
    /operations/,
    repeat(500, (n) => `query Q${n} { __typename }`),
  ),
  tooLarge('a long comment', /bytes/, `{ __typename } #${'x'.repeat(900_000)}`),
  tooLarge('a long string', /bytes/, `{ product(sku: "${'x'.repeat(900_000)}") { sku } }`),
  tooLarge(
    'a long list in the variables',
    /values in the variables/,
    'query ($s: [String!]) { products(filter: { skus: $s }) { totalCount } }',
    { s: Array(150_000).fill('a') },
  ),
  tooLarge('variables that nothing uses', /values in the variables/, '{ __typename }', {
    x: Array(300_000).fill(1),
  }),
  tooLarge('variables nested deep', /levels/, '{ __typename }', {
    x: JSON.parse('['.repeat(500) + ']'.repeat(500)) as unknown,
  }),
  tooLarge(
    '400 searches',
    /tokens|aliases/,
    `{ ${repeat(400, (n) => `a${n}: products(first: 100, filter: { text: "lamp" }) { totalCount nodes { id } }`)} }`,
  ),
  tooExpensive(
    '40 searches',
    `{ ${repeat(40, (n) => `a${n}: products(first: 100, filter: { text: "lamp" }) { totalCount nodes { id } }`)} }`,
  ),
  tooExpensive(
    'orders of orders',
    `{ me { orders(first: 100) { nodes { ${nestedOrders(1)} } } } }`,
  ),
  tooExpensive(
    'orders of orders of orders',
    `{ me { orders(first: 100) { nodes { ${nestedOrders(2)} } } } }`,
  ),
  tooExpensive(
    '50 sign-ins',
    `mutation { ${repeat(50, (n) => `a${n}: login(input: { email: "a@b.co", password: "x" }) { __typename }`)} }`,
  ),
];
