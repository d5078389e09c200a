import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { graph } from '../testkit/graph.ts';
import {
  becomes as becomesOf,
  cancel,
  order,
  orderOf,
  pay,
  paymentOf,
  paymentsOf,
  placeOrder,
  SETTLES_MS,
} from '../testkit/orders.ts';
import { newShopper, type Account } from '../testkit/accounts.ts';
import { newProduct, stockOf } from '../testkit/products.ts';
import { rest } from '../testkit/rest.ts';

// Incidents of other shops, as docs/incidents.md reports them, which must not happen here.

let buyers: readonly Account[];
let ada: Account;

beforeAll(async () => {
  buyers = await Promise.all(Array.from({ length: 12 }, newShopper));
  ada = buyers[0] as Account;
});

const all = <Value>(count: number, work: (index: number) => Promise<Value>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

const buyerAt = (index: number): Account => buyers[index % buyers.length] as Account;

const becomes = (id: string, status: string) => becomesOf(ada.token, id, status);

const place = (qty = 1) => placeOrder(ada.token, { qty });

/** The payments of an order: their status, and how much of each was refunded. */
const moneyOf = async (id: string) => {
  const ids = await paymentsOf(ada.token, id);
  const payments = await Promise.all(ids.map((one) => paymentOf(ada.token, one)));
  return payments.map(({ status, refunds }) => ({
    status,
    refunded: (refunds as { status: string; amount_cents: number }[])
      .filter((refund) => refund.status === 'SUCCEEDED')
      .reduce((sum, refund) => sum + refund.amount_cents, 0),
  }));
};

const PAID_ONCE = [{ status: 'SUCCEEDED', refunded: 0 }];

describe('the last unit', () => {
  it('is sold and paid for once, also when many buyers check out concurrently (Vendure 1738, 3508)', async () => {
    const product = await newProduct({ stock: 1 });
    const outcomes = await all(12, async (index) => {
      const { token } = buyerAt(index);
      const placed = await order(token, product, 1);
      if (placed.status !== 201) return placed.body.code as string;
      return (await pay(token, placed.body.id)).body.status as string;
    });
    expect(outcomes.toSorted()).toEqual(['CONFIRMED', ...Array<string>(11).fill('OUT_OF_STOCK')]);
    expect(await stockOf(product)).toBe(0);
  });

  it('is not exceeded by concurrent orders that together are too large (Saleor 543)', async () => {
    const product = await newProduct({ stock: 10 });
    const responses = await all(6, (index) => order(buyerAt(index).token, product, 4));
    expect(responses.map(({ status }) => status).toSorted()).toEqual([
      201, 201, 409, 409, 409, 409,
    ]);
    expect(await stockOf(product)).toBe(2);
  });

  it('is not sold to two lines of one order (Medusa 16502)', async () => {
    const product = await newProduct({ stock: 5 });
    const basket = (...quantities: number[]) =>
      rest('POST', '/v1/orders', {
        token: ada.token,
        body: { items: quantities.map((qty) => ({ product_id: product.id, qty })) },
      });
    const refused = await basket(3, 3);
    expect(refused).toMatchObject({
      status: 409,
      body: { shortages: [{ product_id: product.id, requested: 6, available: 5 }] },
    });
    expect(await stockOf(product)).toBe(5);
    expect((await basket(3, 2)).body.items).toMatchObject([{ qty: 5 }]);
    expect(await stockOf(product)).toBe(0);
  });

  it('is returned exactly, also when many buyers order and cancel concurrently (Medusa 16569)', async () => {
    const product = await newProduct({ stock: 3 });
    const rounds = await all(12, async (index) => {
      const { token } = buyerAt(index);
      const placed = await order(token, product, 1);
      if (placed.status === 201) await cancel(token, placed.body.id);
      return placed.status;
    });
    expect(new Set([...rounds, 201, 409])).toEqual(new Set([201, 409]));
    expect(await stockOf(product)).toBe(3);
  });
});

describe('money', () => {
  it.concurrent(
    'is taken once when webhooks and payment requests coincide (Medusa 13301, Saleor 12652)',
    async () => {
      const { id } = await place();
      // The webhooks arrive five times, while the customer continues to send requests.
      const seen: number[] = [];
      for (let last = 202; last === 202; await sleep(100)) {
        const responses = await all(3, () => pay(ada.token, id, 'sim_duplicate_webhooks'));
        seen.push(...responses.map(({ status }) => status));
        last = seen.at(-1) ?? 0;
      }
      expect(new Set(seen)).toEqual(new Set([200, 202]));
      expect((await becomes(id, 'CONFIRMED')).status).toBe('CONFIRMED');
      expect(await moneyOf(id)).toEqual(PAID_ONCE);
    },
  );

  it.concurrent(
    'is taken once when an order is concurrently paid by several methods (Saleor 15956)',
    async () => {
      const { id } = await place();
      const methods = ['sim_success', 'sim_late_success', 'sim_duplicate_webhooks'];
      await all(9, (index) => pay(ada.token, id, methods[index % 3]));
      await becomes(id, 'CONFIRMED');
      expect(await moneyOf(id)).toEqual(PAID_ONCE);
    },
  );

  it.concurrent(
    'confirms the order also when the customer disconnects before the response (Medusa 12790)',
    async () => {
      const { id, product } = await place();
      const leaving = new AbortController();
      const left = fetch(`${process.env['E2E_REST_URL']}/v1/orders/${id}/pay`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ payment_method: 'sim_late_success' }),
        signal: leaving.signal,
      }).catch(() => 'left');
      await eventually(async () => expect(await paymentsOf(ada.token, id)).toHaveLength(1));
      leaving.abort();
      await left;
      await becomes(id, 'CONFIRMED');
      expect(await moneyOf(id)).toEqual(PAID_ONCE);
      expect(await stockOf(product)).toBe(4);
    },
  );

  it.concurrent(
    'confirms the order also when the response of the provider is lost (Vendure 3065)',
    async () => {
      const { id } = await place();
      expect([200, 202]).toContain((await pay(ada.token, id, 'sim_timeout')).status);
      await becomes(id, 'CONFIRMED');
      expect(await moneyOf(id)).toEqual(PAID_ONCE);
    },
  );

  it.concurrent(
    'that the provider declines later cancels the order and returns the units (Medusa 16398)',
    async () => {
      const { id, product } = await place(2);
      expect((await pay(ada.token, id, 'sim_late_decline')).status).toBe(202);
      expect(await stockOf(product)).toBe(3);
      const ended = await becomes(id, 'CANCELLED');
      expect(ended.cancellation).toMatchObject({ reason: 'PAYMENT_FAILED' });
      await eventually(async () => expect(await stockOf(product)).toBe(5), SETTLES_MS);
    },
  );

  it.concurrent(
    'for an order that has ended is refunded automatically (Saleor 14926)',
    async () => {
      const { id, product } = await place(2);
      await pay(ada.token, id, 'sim_late_success');
      expect((await cancel(ada.token, id)).status).toBe(200);
      expect(await stockOf(product)).toBe(5);
      await eventually(
        async () => expect(await moneyOf(id)).toEqual([{ status: 'REFUNDED', refunded: 3000 }]),
        SETTLES_MS,
      );
      expect((await orderOf(ada.token, id)).status).toBe('CANCELLED');
    },
  );
});

describe('payments, webhooks and cancellations of the same products', () => {
  it('never cause a deadlock (Saleor 14649)', async () => {
    const [one, other] = [await newProduct({ stock: 50 }), await newProduct({ stock: 50 })];
    const statuses = await all(24, async (index) => {
      const { token } = buyerAt(index);
      const items = (index % 2 ? [one, other] : [other, one]).map(({ id: productId }) => ({
        productId,
        quantity: 1,
      }));
      const { data } = await graph(
        `mutation ($input: CreateOrderInput!) {
          createOrder(input: $input) { ... on Order { id } ... on Problem { code } }
        }`,
        { input: { items } },
        { token },
      );
      const { id } = data.createOrder as { id: string };
      const requests = [pay(token, id, 'sim_reordered_webhooks'), pay(token, id)];
      if (index % 3 === 0) requests.push(cancel(token, id));
      return (await Promise.all(requests)).map(({ status }) => status);
    });
    expect(statuses.flat().filter((status) => status >= 500)).toEqual([]);
    const stocks = async () => Promise.all([one, other].map(stockOf));
    // Each order had one unit of both products.
    await eventually(async () => {
      const [first, second] = await stocks();
      expect(first).toBe(second);
    });
  });
});
