import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ID, order, OTHER_ID, product } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

const login = { email: 'ann@example.com', password: 'correct horse' };
const SORTS = 'must be one of newest, price_asc, price_desc, name_asc, relevance';

const headers = (contentType: string) => ({ 'content-type': contentType });

describe('what a request may hold', () => {
  let rest: Rest;
  beforeAll(async () => {
    rest = await startRest();
  });
  afterAll(() => rest.close());
  beforeEach(() => {
    rest.router.respond({
      createOrder: order,
      login: { __typename: 'InvalidCredentialsProblem', code: 'INVALID_CREDENTIALS', message: '' },
      products: { nodes: [product], pageInfo: { hasNextPage: false, hasPreviousPage: false } },
    });
  });

  const post = (payload: string, contentType?: string) =>
    rest.sendRaw({
      method: 'POST',
      url: '/v1/auth/login',
      payload: Buffer.from(payload),
      ...(contentType !== undefined && { headers: headers(contentType) }),
    });

  it.each([
    ['application/json'],
    ['application/json; charset=utf-8'],
    ['application/x-www-form-urlencoded'],
    [undefined],
  ])('reads a body called %s as JSON', async (contentType) => {
    const reply = await post(JSON.stringify(login), contentType);
    expect(reply.body).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(rest.router.received.at(-1)?.variables).toEqual({ input: login });
  });

  it.each([['text/plain'], ['application/xml'], ['multipart/form-data; boundary=x'], ['nonsense']])(
    'reads no body called %s',
    async (contentType) => {
      const reply = await post(JSON.stringify(login), contentType);
      expect(reply).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
    },
  );

  it.each([['{'], ['email=ann@example.com&password=x'], ['{"__proto__": {"admin": true}}']])(
    'can’t read %s',
    async (payload) => {
      const reply = await post(payload, 'application/x-www-form-urlencoded');
      expect(reply).toMatchObject({ status: 400, body: { code: 'MALFORMED_REQUEST' } });
    },
  );

  it.each([`/v1/orders/${ID}/pay`, `/v1/orders/${ID}/cancel`, '/v1/auth/logout'])(
    'takes no null for the body of %s, which may be left out',
    async (url) => {
      const sent = rest.router.received.length;
      const typed = headers('application/json');
      const reply = await rest.sendRaw({ method: 'POST', url, payload: 'null', headers: typed });
      expect(reply).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
      expect(rest.router.received).toHaveLength(sent);
    },
  );

  it('reads no body over 512 KiB', async () => {
    const sent = rest.router.received.length;
    const reply = await post(JSON.stringify({ email: 'a'.repeat(512 * 1024) }));
    expect(reply).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
    expect(rest.router.received).toHaveLength(sent);
  });

  it('reads the longest order there may be, and what it becomes fits through the router', async () => {
    const qty = -2_147_483_648;
    const items = Array(100).fill({ product_id: '\u{1f600}'.repeat(36), qty });
    const typed = { 'idempotency-key': '"'.repeat(255) };
    const reply = await rest.send('POST', '/v1/orders', { body: { items }, headers: typed });
    expect(reply.status).toBe(201);
    const { query, variables } = rest.router.received.at(-1) ?? {};
    expect(JSON.stringify({ query, variables }).length).toBeLessThan(1024 * 1024);
  });

  it.each([
    ['lines', `{"items":[${Array(10_000).fill('{}').join()}]}`],
    ['names', `{${Array.from({ length: 10_000 }, (_, index) => `"x${index}":1`).join()}}`],
    ['depth', `{"items":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('reads no body of thousands of %s', async (_what, payload) => {
    const typed = headers('application/json');
    const url = '/v1/orders';
    const reply = await rest.sendRaw({ method: 'POST', url, payload, headers: typed });
    expect(reply).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
  });

  it('names no field that is not known in full when its name is long', async () => {
    const reply = await rest.send('POST', '/v1/orders', {
      body: { items: [], ['x'.repeat(100_000)]: 1 },
    });
    expect(reply.body['errors']).toEqual([
      { field: 'x'.repeat(100), message: 'is not known here' },
    ]);
  });

  it.each([
    ['', [{ field: 'body', message: 'must be an object' }]],
    ['[]', [{ field: 'body', message: 'must be an object' }]],
    [
      '{"email": 1, "admin": true}',
      [
        { field: 'password', message: 'is required' },
        { field: 'admin', message: 'is not known here' },
        { field: 'email', message: 'must be a string' },
      ],
    ],
  ])('refuses the body %s with every fault of it', async (payload, errors) => {
    const reply = await post(payload, 'application/json');
    expect(reply).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED', errors } });
  });

  it.each([[-2_147_483_648], [2_147_483_647]])('takes a quantity of %d', async (qty) => {
    const body = { items: [{ product_id: OTHER_ID, qty }] };
    expect((await rest.send('POST', '/v1/orders', { body })).status).toBe(201);
  });

  it.each([
    ['1'],
    [1.5],
    [-2_147_483_649],
    [2_147_483_648],
    [3_000_000_000],
    [null],
    [true],
    [1e300],
  ])('takes no quantity of %j', async (qty) => {
    const body = { items: [{ product_id: OTHER_ID, qty }] };
    const before = rest.router.received.length;
    const reply = await rest.send('POST', '/v1/orders', { body });
    expect(reply).toMatchObject({
      status: 422,
      body: { code: 'VALIDATION_FAILED', errors: [{ field: 'items.0.qty' }] },
    });
    expect(rest.router.received).toHaveLength(before);
  });

  it('rejects numbers that overflow to Infinity', async () => {
    const payload = `{"items":[{"product_id":"${OTHER_ID}","qty":1e400}]}`;
    const typed = headers('application/json');
    const reply = await rest.sendRaw({
      method: 'POST',
      url: '/v1/orders',
      payload,
      headers: typed,
    });
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ field: 'items.0.qty' }] } });
  });

  it('names unknown fields inside a list', async () => {
    const body = { items: [{ product_id: OTHER_ID, qty: 1, price_cents: 1 }], coupon: 'x' };
    const reply = await rest.send('POST', '/v1/orders', { body });
    expect(reply.body['errors']).toEqual([
      { field: 'coupon', message: 'is not known here' },
      { field: 'items.0.price_cents', message: 'is not known here' },
    ]);
  });

  it.each([
    ['limit=0', 'limit', 'must be 1 or more'],
    ['limit=101', 'limit', 'must be 100 or less'],
    ['limit=ten', 'limit', 'must be a whole number'],
    ['limit=', 'limit', 'must be a whole number'],
    ['limit=1&limit=2', 'limit', 'must be a whole number'],
    ['in_stock=yes', 'in_stock', 'must be true or false'],
    ['min_price_cents=1.5', 'min_price_cents', 'must be a whole number'],
    ['max_price_cents=9007199254740992', 'max_price_cents', 'must be 9007199254740991 or less'],
    ['min_price_cents=-9007199254740992', 'min_price_cents', 'must be -9007199254740991 or more'],
    ['max_price_cents=9007199254740993', 'max_price_cents', 'must be 9007199254740991 or less'],
    ['q=a&q=b', 'q', 'must be a string'],
    ['colour=red', 'colour', 'is not known here'],
    ['category[]=a', 'category[]', 'is not known here'],
    ['__proto__=a', '__proto__', 'is not known here'],
    ['cursor=a&cursor=b', 'cursor', 'must be a string'],
    ['before=a&before=b', 'before', 'must be a string'],
    ['sort=PRICE_ASC', 'sort', SORTS],
    ['sort=price', 'sort', SORTS],
    ['sort=', 'sort', SORTS],
    ['sort=newest&sort=newest', 'sort', 'must be a string'],
    ['sort=id;DROP%20TABLE%20product', 'sort', SORTS],
    ['currency=EURO', 'currency', 'must have 3 characters or fewer'],
    ['currency=EUX', 'currency', 'is not a currency'],
    ['currency=', 'currency', 'is not a currency'],
    ['currency=E%00R', 'currency', 'is not a currency'],
    ['currency=EUR&currency=USD', 'currency', 'must be a string'],
    ['include_total=1', 'include_total', 'must be true or false'],
    ['in_stock=true&in_stock=true', 'in_stock', 'must be true or false'],
    ['min_price_cents=1e3', 'min_price_cents', 'must be a whole number'],
    ['min_price_cents=%D9%A1', 'min_price_cents', 'must be a whole number'],
  ])('refuses ?%s', async (query, field, message) => {
    const reply = await rest.send('GET', `/v1/products?${query}`);
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ field, message }] } });
  });

  it('keeps a text of digits a text', async () => {
    expect((await rest.send('GET', '/v1/products?q=42&in_stock=false')).status).toBe(200);
    expect(rest.router.received.at(-1)?.variables).toMatchObject({
      filter: { text: '42', inStock: false },
    });
  });
});
