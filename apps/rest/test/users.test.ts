import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NIL } from 'uuid';
import { failWith, ID, order, orderBody, TIME, user } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

let rest: Rest;
beforeAll(async () => {
  rest = await startRest();
});
afterAll(() => rest.close());

const url = `/v1/users/${ID}`;
const account = { ...user, name: 'Ann' };
const lastVariables = () => rest.router.received.at(-1)?.variables;

describe('an account, for administrators', () => {
  it('is read by its id', async () => {
    rest.router.respond({ user: account });
    const { status, body } = await rest.send('GET', url);
    expect([status, body]).toEqual([
      200,
      {
        id: ID,
        email: 'ann@example.com',
        name: 'Ann',
        role: 'USER',
        created_at: TIME,
        updated_at: TIME,
      },
    ]);
    expect(lastVariables()).toEqual({ id: ID });
  });

  it('has orders, page by page', async () => {
    const orders = {
      nodes: [order],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, endCursor: 'c' },
    };
    rest.router.respond({ user: { ...account, orders } });
    const reply = await rest.send('GET', `${url}/orders?limit=1&cursor=a&status=PENDING`);
    expect(reply).toMatchObject({
      status: 200,
      headers: { link: `<${url}/orders?limit=1&status=PENDING&cursor=c>; rel="next"` },
      body: { data: [orderBody], page: { next_cursor: 'c', has_more: true } },
    });
    expect(lastVariables()).toEqual({ id: ID, first: 1, after: 'a', status: 'PENDING' });
    expect((await rest.send('GET', `${url}/orders?all=true`)).status).toBe(422);
  });

  it('has sessions', async () => {
    const session = { id: ID, device: null, createdAt: TIME, lastUsedAt: TIME, current: false };
    rest.router.respond({ user: { ...account, sessions: [session] } });
    const { status, body } = await rest.send('GET', `${url}/sessions`);
    expect([status, body]).toEqual([
      200,
      { data: [{ id: ID, device: null, created_at: TIME, last_used_at: TIME, current: false }] },
    ]);
  });

  it.each(['', '/orders', '/sessions'])('%s is refused, or not found', async (path) => {
    rest.router.respond({ user: failWith('FORBIDDEN') });
    expect(await rest.send('GET', url + path)).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
    rest.router.respond({ user: null });
    expect(await rest.send('GET', `/v1/users/no-uuid${path}`)).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND', detail: 'There is no such account.' },
    });
    expect(lastVariables()).toMatchObject({ id: NIL });
  });
});
