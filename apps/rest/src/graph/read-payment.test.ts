import { describe, expect, it } from 'vitest';
import type { PaidOrder } from '../views/order.ts';
import type { Caller, GraphClient } from './make-graph-client.ts';
import { readPayment } from './read-payment.ts';

const PAYMENTS = [
  { id: 'first', status: 'FAILED' },
  { id: 'last', status: 'REFUNDED' },
];

/** Reads the payment of a result, and counts the requests to the graph. */
const read = async (result: object, payments: readonly object[] | null = PAYMENTS) => {
  let requests = 0;
  const graph = {
    execute: async (_caller: unknown, _operation: unknown, _variables: unknown, pick: Pick) => {
      requests += 1;
      return pick({ order: { payments } });
    },
  } as unknown as GraphClient;
  const order = { id: 'o', status: 'CONFIRMED', paymentId: null, paymentStatus: null, ...result };
  const payment = await readPayment(graph, {} as Caller, order as PaidOrder);
  return { payment, requests };
};

type Pick = (data: object) => unknown;

describe('the payment of an order that was paid', () => {
  it('is the one of the result', async () => {
    const result = { paymentId: 'p1', paymentStatus: 'SUCCEEDED' };
    expect(await read(result)).toEqual({
      payment: { id: 'p1', status: 'SUCCEEDED' },
      requests: 0,
    });
  });

  it.each(['PROCESSING', 'SUCCEEDED', 'FAILED'])(
    'has its status of then, %s, and the id of the newest one, in an older result',
    async (paymentStatus) => {
      expect(await read({ paymentStatus })).toEqual({
        payment: { id: 'last', status: paymentStatus },
        requests: 1,
      });
    },
  );

  it.each([
    ['PENDING', 'PROCESSING'],
    ['CONFIRMED', 'SUCCEEDED'],
    ['CANCELLED', 'SUCCEEDED'],
  ])('follows from the status %s in a result without any: %s', async (status, then) => {
    expect((await read({ status })).payment).toEqual({ id: 'last', status: then });
  });

  it.each([[[]], [null]])('is UNAVAILABLE where %j are read', async (payments) => {
    await expect(read({}, payments)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
