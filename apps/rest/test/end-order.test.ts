import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelled, cancelledBody, failWith, ID, order, orderBody, TIME } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

let rest: Rest;
beforeAll(async () => {
  rest = await startRest();
});
afterAll(() => rest.close());
const lastVariables = () => rest.router.received.at(-1)?.variables;

const problem = (__typename: string, code: string, carried: object = {}) => ({
  __typename,
  code,
  message: 'Said.',
  ...carried,
});

describe('cancelling an order', () => {
  const url = `/v1/orders/${ID}/cancel`;

  it('hands on why, and the key', async () => {
    rest.router.respond({ cancelOrder: cancelled });
    const headers = { 'idempotency-key': 'key-1' };
    const reply = await rest.send('POST', url, { body: { reason: 'too slow' }, headers });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual(cancelledBody);
    expect(lastVariables()).toEqual({
      input: { orderId: ID, reason: 'too slow', idempotencyKey: 'key-1' },
    });
  });

  it('needs no body, and knows no other field', async () => {
    rest.router.respond({ cancelOrder: cancelled });
    expect((await rest.send('POST', url)).status).toBe(200);
    expect(lastVariables()).toEqual({ input: { orderId: ID } });
    const reply = await rest.send('POST', url, { body: { status: 'CANCELLED' } });
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ field: 'status' }] } });
  });

  it.each([
    ['OrderNotFoundProblem', 'ORDER_NOT_FOUND', 404, {}, {}],
    ['OrderNotPendingProblem', 'ORDER_NOT_PENDING', 409, { order }, { order: orderBody }],
    ['IdempotencyConflictProblem', 'IDEMPOTENCY_CONFLICT', 409, {}, {}],
    ['RequestInFlightProblem', 'REQUEST_IN_FLIGHT', 409, { retryAfterSeconds: 2 }, {}],
  ])('translates %s', async (__typename, code, status, carried, extension) => {
    rest.router.respond({ cancelOrder: problem(__typename, code, carried) });
    const reply = await rest.send('POST', url);
    expect(reply).toMatchObject({ status, body: { code, detail: 'Said.', ...extension } });
    expect(reply.headers['retry-after']).toBe(code === 'REQUEST_IN_FLIGHT' ? '2' : undefined);
  });
});

describe('moving an order to another status', () => {
  const url = `/v1/orders/${ID}/status`;

  it('forwards status and reason', async () => {
    rest.router.respond({ updateOrderStatus: cancelled });
    const body = { status: 'CANCELLED', reason: 'fraud' };
    const reply = await rest.send('POST', url, { body });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual(cancelledBody);
    expect(lastVariables()).toEqual({ input: { ...body, orderId: ID } });
  });

  it.each([
    [{}, 'status'],
    [{ status: 'cancelled' }, 'status'],
    [{ status: 'CANCELLED', order_id: ID }, 'order_id'],
    [{ status: 'CANCELLED', reason: 1 }, 'reason'],
  ])('refuses %j', async (body, field) => {
    const reply = await rest.send('POST', url, { body });
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ field }] } });
  });

  it.each([
    ['OrderNotFoundProblem', 'ORDER_NOT_FOUND', 404, {}, {}],
    ['OrderNotPaidProblem', 'ORDER_NOT_PAID', 409, {}, {}],
    [
      'IllegalTransitionProblem',
      'ILLEGAL_TRANSITION',
      409,
      { from: 'CONFIRMED', to: 'PENDING', allowed: ['CANCELLED'] },
      { from: 'CONFIRMED', to: 'PENDING', allowed: ['CANCELLED'] },
    ],
  ])('translates %s', async (__typename, code, status, carried, extension) => {
    rest.router.respond({ updateOrderStatus: problem(__typename, code, carried) });
    const reply = await rest.send('POST', url, { body: { status: 'PENDING' } });
    expect(reply).toMatchObject({ status, body: { code, detail: 'Said.', ...extension } });
  });

  it('is for administrators', async () => {
    rest.router.respond({ updateOrderStatus: failWith('FORBIDDEN') });
    const reply = await rest.send('POST', url, { body: { status: 'CANCELLED' } });
    expect(reply).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });
});

describe('the history of an order', () => {
  const url = `/v1/orders/${ID}/history`;

  it('returns each event in snake_case', async () => {
    const history = [
      {
        at: TIME,
        type: 'CREATED',
        fromStatus: null,
        toStatus: 'PENDING',
        actor: 'CUSTOMER',
        user: { id: ID },
        reason: null,
        note: null,
      },
      {
        at: TIME,
        type: 'CANCELLED',
        fromStatus: 'PENDING',
        toStatus: 'CANCELLED',
        actor: 'ADMIN',
        user: null,
        reason: 'ADMIN',
        note: 'fraud',
      },
    ];
    rest.router.respond({ order: { ...order, history } });
    const reply = await rest.send('GET', url);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      data: history.map(({ type: event, fromStatus, toStatus, user, ...step }) => ({
        ...step,
        user_id: user?.id ?? null,
        event,
        from_status: fromStatus,
        to_status: toStatus,
      })),
    });
  });

  it('is not found where the order is not', async () => {
    rest.router.respond({ order: null });
    const reply = await rest.send('GET', url);
    expect(reply).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
  });
});
