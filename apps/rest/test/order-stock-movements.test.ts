import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  failWith,
  ID,
  movement,
  movementBody,
  order,
  product,
  refuseArgument,
} from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

let rest: Rest;
beforeAll(async () => {
  rest = await startRest();
});
afterAll(() => rest.close());

const url = `/v1/orders/${ID}/stock-movements`;
const none = {
  nodes: [],
  pageInfo: { hasNextPage: false, hasPreviousPage: false, endCursor: null },
};

describe('the stock ledger of an order', () => {
  it('is read page by page', async () => {
    const pageInfo = { hasNextPage: true, hasPreviousPage: false, endCursor: 'end' };
    rest.router.respond({ order, stockMovements: { nodes: [movement], pageInfo } });
    const reply = await rest.send('GET', `${url}?limit=1&cursor=abc`);
    expect(reply).toMatchObject({
      status: 200,
      headers: { link: `<${url}?limit=1&cursor=end>; rel="next"` },
    });
    expect(reply.body).toEqual({
      data: [movementBody],
      page: { next_cursor: 'end', has_more: true, prev_cursor: null },
    });
    const { variables } = rest.router.received.at(-1) ?? {};
    expect(variables).toEqual({ orderId: ID, first: 1, after: 'abc' });
  });

  it.each([url, `/v1/products/${ID}/stock-movements`])('is read backward: %s', async (path) => {
    const pageInfo = { hasNextPage: false, hasPreviousPage: true, startCursor: 'start' };
    rest.router.respond({ order, product, stockMovements: { nodes: [movement], pageInfo } });
    expect(await rest.send('GET', `${path}?limit=1&before=b`)).toMatchObject({
      status: 200,
      headers: { link: `<${path}?limit=1&before=start>; rel="prev"` },
      body: { page: { next_cursor: null, has_more: false, prev_cursor: 'start' } },
    });
    expect(rest.router.received.at(-1)?.variables).toMatchObject({ last: 1, before: 'b' });
  });

  it('is empty, or not there when the order is not', async () => {
    rest.router.respond({ order, stockMovements: none });
    expect((await rest.send('GET', url)).body).toMatchObject({ data: [] });
    rest.router.respond({ order: null, stockMovements: none });
    expect(await rest.send('GET', url)).toMatchObject({
      status: 404,
      body: { code: 'ORDER_NOT_FOUND' },
    });
  });

  it('is for administrators, and names the parameter that is not valid', async () => {
    rest.router.respond({ order, stockMovements: failWith('FORBIDDEN') });
    expect(await rest.send('GET', url)).toMatchObject({ status: 403 });
    rest.router.respond({ order, stockMovements: refuseArgument('after', 'is no cursor') });
    expect(await rest.send('GET', `${url}?cursor=x`)).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'cursor' }] },
    });
  });
});
