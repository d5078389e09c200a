import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { product } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

const HOSTILE = [
  ['SQL', "'; DROP TABLE product; --"],
  ['SQL that is true', "' OR 1=1 /*"],
  ['operators of a search', '!((a & b) | <-> c:*'],
  ['wildcards', '%_\\'],
  ['a NUL', 'tea\0pot'],
  ['right to left', '\u202egum\u202c شاي'],
  ['emoji', '\u{1f375}\u{1f469}\u200d\u{1f373}'],
  ['an escape', '\\ud83d'],
  ['sixty accents', '\u0315\u0316'.repeat(30)],
  ['JSON', '{"$gt":""}'],
  ['a template', '${process.exit(1)}{{7*7}}'],
  ['nothing', ''],
] as const;

const TEXTS = ['q', 'category', 'sku', 'cursor', 'before'] as const;

let rest: Rest;

beforeAll(async () => {
  rest = await startRest();
  rest.router.respond({
    products: { nodes: [product], pageInfo: { hasNextPage: false, hasPreviousPage: false } },
  });
});

afterAll(() => rest.close());

const ask = (name: string, value: string) =>
  rest.send('GET', `/v1/products?${name}=${encodeURIComponent(value)}`);

describe.each(HOSTILE)('%s', (_what, value) => {
  it.each(TEXTS)('in %s reaches the graph as it is, in a variable', async (name) => {
    expect((await ask(name, value)).status).toBe(200);
    const { query, variables } = rest.router.received.at(-1) ?? { query: '', variables: {} };
    const { filter, after, before } = variables as {
      filter: { text?: string; category?: string; categories?: string[]; skus?: string[] };
      after?: string;
      before?: string;
    };
    const sent = {
      q: filter.text,
      category: filter.categories?.join() ?? filter.category,
      sku: filter.skus?.join(),
      cursor: after,
      before,
    }[name];
    expect(sent).toBe(value);
    if (value !== '') expect(query).not.toContain(value);
  });

  it.each(['sort', 'currency', 'limit', 'in_stock', 'include_total', 'min_price_cents'])(
    'in %s is refused by its name before the graph is called',
    async (name) => {
      const before = rest.router.received.length;
      const reply = await ask(name, value);
      expect(reply).toMatchObject({
        status: 422,
        headers: { 'content-type': 'application/problem+json' },
        body: { code: 'VALIDATION_FAILED', errors: [{ field: name }] },
      });
      expect(rest.router.received).toHaveLength(before);
      expect(JSON.stringify(reply.body)).not.toContain(value || 'undefined');
    },
  );
});

describe('a query', () => {
  it.each(TEXTS)(
    'with 10 kB in %s is refused by its name before the graph is called',
    async (name) => {
      const before = rest.router.received.length;
      const reply = await ask(name, 'x'.repeat(10_000));
      expect(reply).toMatchObject({
        status: 422,
        body: {
          code: 'VALIDATION_FAILED',
          errors: [
            { field: name, message: expect.stringMatching(/^must have \d+ characters or fewer$/) },
          ],
        },
      });
      expect(rest.router.received).toHaveLength(before);
    },
  );

  it.each(['category', 'sku'])('has no more than 100 of %s', async (name) => {
    const listOf = (count: number) => Array.from({ length: count }, (_, index) => index).join(',');
    expect((await ask(name, listOf(100))).status).toBe(200);
    expect(await ask(name, listOf(101))).toMatchObject({
      status: 422,
      body: { errors: [{ field: name, message: 'must have 100 items or fewer' }] },
    });
  });

  it('with thousands of names that are not known is answered with twenty of them', async () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `x${index}`);
    const reply = await rest.send('GET', `/v1/products?${names.join('&')}`);
    expect(reply.status).toBe(422);
    expect(reply.body['errors']).toHaveLength(20);
  });

  it('of any number of doubles asks for each once', async () => {
    const query = 'category=kitchen&'.repeat(500);
    expect((await rest.send('GET', `/v1/products?${query}`)).status).toBe(200);
    expect(rest.router.received.at(-1)?.variables).toMatchObject({
      filter: { category: 'kitchen' },
    });
  });

  it('that can’t be decoded is a text like any other', async () => {
    expect((await rest.send('GET', '/v1/products?q=%E0%A4%A')).status).toBe(200);
    expect((await rest.send('GET', '/v1/products?q=%ff')).status).toBe(200);
  });
});
