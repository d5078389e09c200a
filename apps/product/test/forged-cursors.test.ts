import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { makeReader, type Reader } from './list-products.ts';
import { openProduct, type ProductService } from './open-product.ts';

let catalogue: ProductService;
let reader: Reader;

beforeAll(async () => {
  catalogue = await openProduct();
  reader = makeReader(catalogue);
  for (const name of ['Oak desk', 'Oak chair', 'Oak bed']) await catalogue.addProduct({ name });
});

afterAll(() => catalogue.close());

const SORTS = ['NEWEST', 'PRICE_ASC', 'PRICE_DESC', 'NAME_ASC', 'RELEVANCE'] as const;

const encode = (value: unknown): string =>
  Buffer.from(JSON.stringify(value) ?? '').toString('base64url');

const LEDGER = `query ($after: String) {
  stockMovements(after: $after) { nodes { id } pageInfo { endCursor } } }`;

/** What a cursor gets in every list that takes cursors: a page (null), or the code of its error. */
const ask = async (cursor: string): Promise<readonly (string | null)[]> => {
  const pages = SORTS.flatMap((sort) =>
    [null, 'oak'].flatMap((text) => [
      { sort, filter: { text }, first: 2, after: cursor },
      { sort, filter: { text }, last: 2, before: cursor },
    ]),
  );
  const codes = await Promise.all(pages.map((page) => reader.codeOf(page)));
  const { errors } = await catalogue.asAdmin(LEDGER, { after: cursor });
  return [...codes, errors[0]?.extensions.code ?? null];
};

const isRefusedOrRead = (codes: readonly (string | null)[]): boolean =>
  codes.every((code) => code === null || code === 'BAD_USER_INPUT');

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.5,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 31 * 10_000 - 1,
  2 ** 31 * 10_000,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  2 ** 63,
  1e308,
];

const TEXTS = [
  '',
  '\0',
  'a\0b',
  '\ud800',
  'x'.repeat(401),
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775809',
  '1e400',
  'NaN',
  'infinity',
  '294277-01-01T00:00:00Z',
  randomUUID(),
];

const value = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.constantFrom(...TEXTS),
  fc.uuid(),
  fc.jsonValue({ maxDepth: 2 }),
);

const cursor = fc.oneof(
  fc
    .tuple(fc.constantFrom(...SORTS, 'MOVEMENTS'), fc.array(value, { maxLength: 3 }))
    .map(([list, values]) => encode([list, ...values])),
  fc.jsonValue().map(encode),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 40);

describe('a forged cursor', () => {
  it.each([
    ['RELEVANCE', 0, 9_007_199_254_740_991],
    ['RELEVANCE', 1, 9_007_199_254_740_991],
    ['NEWEST', 9_007_199_254_740_991],
    ['NEWEST', 21_474_836_480_000],
    ['NAME_ASC', '\ud800', randomUUID()],
    ['NAME_ASC', 'a\0', randomUUID()],
    ['PRICE_ASC', '9223372036854775808', randomUUID()],
    ['PRICE_DESC', 1e300, randomUUID()],
    ['PRICE_ASC', 'infinity', 0],
    ['PRICE_DESC', randomUUID(), ''],
    ['PRICE_ASC', '9'.repeat(400), randomUUID()],
    ['MOVEMENTS', '9223372036854775808'],
  ])('with a value that no row can have is refused: %s %s %s', async (...values) => {
    expect(new Set(await ask(encode(values)))).toEqual(new Set(['BAD_USER_INPUT']));
  });

  it.each([
    [['NEWEST', 21_474_836_479_999]],
    [['RELEVANCE', 1, 21_474_836_479_999]],
    [['RELEVANCE', 0, 1]],
    [['PRICE_ASC', Number.MAX_SAFE_INTEGER, randomUUID()]],
    [['PRICE_ASC', '9223372036854775807', randomUUID()]],
    [['NAME_ASC', '\u{1f600}'.repeat(200), randomUUID()]],
    [['MOVEMENTS', '999999999999999999']],
  ])('with a value that a row can have returns a page: %j', async (values) => {
    const codes = await ask(encode(values));
    expect(codes).toContain(null);
    expect(isRefusedOrRead(codes)).toBe(true);
  });

  it('returns a page or BAD_USER_INPUT for any JSON in it', async () => {
    const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
    console.info(`cursor property: PROPERTY_SEED=${seed} PROPERTY_RUNS=${RUNS}`);
    await fc.assert(
      fc.asyncProperty(cursor, async (forged) => {
        const codes = await ask(forged);
        expect({ forged, codes, isRight: isRefusedOrRead(codes) }).toMatchObject({ isRight: true });
      }),
      { seed, numRuns: RUNS, endOnFailure: false },
    );
  }, 120_000);
});
