import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failWith, ID, movement, movementBody, product, refuseArgument, TIME } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

const NIL = '00000000-0000-0000-0000-000000000000';

let rest: Rest;

beforeAll(async () => {
  rest = await startRest();
});

afterAll(() => rest.close());

const lastVariables = () => rest.router.received.at(-1)?.variables;

describe.each([
  ['archive', 'archiveProduct', TIME],
  ['restore', 'restoreProduct', null],
])('to %s a product', (verb, field, archivedAt) => {
  const send = (headers: Record<string, string>, id = ID) =>
    rest.send('POST', `/v1/products/${id}/${verb}`, { headers });

  it('requires its version, and returns the changed product', async () => {
    rest.router.respond({ [field]: { ...product, version: 4, archivedAt } });
    const reply = await send({ 'if-match': '"3"' });
    expect(reply).toMatchObject({ status: 200, body: { version: 4, archived_at: archivedAt } });
    expect(lastVariables()).toEqual({ input: { id: ID, version: 3 } });
  });

  it('needs a version', async () => {
    const before = rest.router.received.length;
    expect(await send({})).toMatchObject({ status: 428, body: { code: 'PRECONDITION_REQUIRED' } });
    expect(await send({ 'if-match': 'x' })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'If-Match' }] },
    });
    expect(rest.router.received).toHaveLength(before);
  });

  it('is refused when the version changed, when there is no product, and without permission', async () => {
    const headers = { 'if-match': '3' };
    const said = { message: 'No.', currentVersion: 9, productId: NIL };
    rest.router.respond({
      [field]: { __typename: 'VersionConflictProblem', code: 'VERSION_CONFLICT', ...said },
    });
    expect(await send(headers)).toMatchObject({
      status: 412,
      body: { code: 'VERSION_CONFLICT', current_version: 9 },
    });
    rest.router.respond({
      [field]: { __typename: 'ProductNotFoundProblem', code: 'PRODUCT_NOT_FOUND', ...said },
    });
    expect(await send(headers, 'no-uuid')).toMatchObject({
      status: 404,
      body: { code: 'PRODUCT_NOT_FOUND' },
    });
    expect(lastVariables()).toEqual({ input: { id: NIL, version: 3 } });
    rest.router.respond({ [field]: failWith('FORBIDDEN') });
    expect(await send(headers)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });
});

describe('the stock ledger of a product', () => {
  const url = `/v1/products/${ID}/stock-movements`;

  it('is read page by page', async () => {
    const pageInfo = { hasNextPage: true, hasPreviousPage: false, endCursor: 'end' };
    rest.router.respond({ product, stockMovements: { nodes: [movement], pageInfo } });
    const reply = await rest.send('GET', `${url}?limit=1&cursor=abc`);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      data: [movementBody],
      page: { next_cursor: 'end', has_more: true, prev_cursor: null },
    });
    expect(lastVariables()).toEqual({ productId: ID, first: 1, after: 'abc' });
  });

  it('is not there when the product is not', async () => {
    const none = { nodes: [], pageInfo: { hasNextPage: false, hasPreviousPage: false } };
    rest.router.respond({ product: null, stockMovements: none });
    expect(await rest.send('GET', '/v1/products/no-uuid/stock-movements')).toMatchObject({
      status: 404,
      body: { code: 'PRODUCT_NOT_FOUND' },
    });
    expect(lastVariables()).toMatchObject({ productId: NIL });
  });

  it.each([
    ['UNAUTHENTICATED', 401],
    ['FORBIDDEN', 403],
    ['UNAVAILABLE', 503],
  ])('returns the problem of the graph: %s', async (code, status) => {
    rest.router.respond({ product, stockMovements: failWith(code) });
    expect(await rest.send('GET', url)).toMatchObject({ status, body: { code } });
    rest.router.respond({ product: failWith(code), stockMovements: { nodes: [], pageInfo: {} } });
    expect((await rest.send('GET', url)).status).toBeGreaterThanOrEqual(status);
  });

  it('names the parameter that is not valid', async () => {
    const stockMovements = refuseArgument('after', 'is not a cursor of this list');
    rest.router.respond({ product, stockMovements });
    expect(await rest.send('GET', `${url}?cursor=x`)).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'cursor' }] },
    });
    rest.router.respond({
      product,
      stockMovements: refuseArgument('before', 'is not a cursor of this list'),
    });
    expect(await rest.send('GET', `${url}?before=x`)).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'before', message: 'is not a cursor of this list' }] },
    });
  });
});
