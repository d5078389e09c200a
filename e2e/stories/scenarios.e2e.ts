import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newShopper, PASSWORD, signIn } from '../testkit/accounts.ts';
import { graph } from '../testkit/graph.ts';
import { historyOf, order, orderOf, pay } from '../testkit/orders.ts';
import { newProduct, stockOf, UNCACHED } from '../testkit/products.ts';
import { rest } from '../testkit/rest.ts';
import { step } from '../testkit/step.ts';

/** The payments of an order, as the graph shows them. */
const paymentsOf = async (token: string, id: string) => {
  const { data, errors } = await graph(
    'query ($id: ID!) { order(id: $id) { payments { status amount { amount currency } } } }',
    { id },
    { token },
  );
  expect(errors).toEqual([]);
  return data.order.payments;
};

describe('scenario', () => {
  it('Register → Login → List Products → Create Order → Pay (success) → Verify', async () => {
    const product = await step('Seed a product', () => newProduct({ stock: 5, price_cents: 1250 }));
    const email = `${randomUUID()}@example.com`;

    const userId = await step('Register', async () => {
      const { status, body } = await rest('POST', '/v1/auth/register', {
        body: { email, password: PASSWORD },
      });
      expect([status, body.user.email]).toEqual([201, email]);
      return body.user.id as string;
    });

    const { token } = await step('Login', async () => {
      const account = await signIn(email);
      const me = await rest('GET', '/v1/me', { token: account.token });
      expect(me).toMatchObject({ status: 200, body: { id: userId, email } });
      return account;
    });

    const listed = await step('List Products', async () => {
      const { status, body } = await rest('GET', `/v1/products?sku=${product.sku}`, {
        token,
        headers: UNCACHED,
      });
      expect(status).toBe(200);
      expect(body.data).toMatchObject([{ id: product.id, stock: 5, price_cents: 1250 }]);
      return body.data[0];
    });

    const placed = await step('Create Order', async () => {
      const { status, body } = await order(token, listed, 2);
      expect(status).toBe(201);
      expect(body).toMatchObject({
        status: 'PENDING',
        total_cents: 2500,
        currency: 'EUR',
        items: [{ product_id: product.id, sku: product.sku, qty: 2, price_cents: 1250 }],
      });
      expect(await stockOf(product)).toBe(3);
      return body;
    });

    await step('Pay (success)', async () => {
      const { status, body } = await rest('POST', `/v1/orders/${placed.id}/pay`, { token });
      expect(status).toBe(200);
      expect(body).toMatchObject({ status: 'CONFIRMED', payment: { status: 'SUCCEEDED' } });
    });

    await step('Verify', async () => {
      expect(await orderOf(token, placed.id)).toMatchObject({
        id: placed.id,
        status: 'CONFIRMED',
        total_cents: 2500,
      });
      expect(await paymentsOf(token, placed.id)).toEqual([
        { status: 'SUCCEEDED', amount: { amount: 2500, currency: 'EUR' } },
      ]);
      const events = (await historyOf(token, placed.id)).map(({ event }) => event as string);
      expect(events).toEqual(expect.arrayContaining(['CREATED', 'CONFIRMED']));
      expect(await stockOf(product)).toBe(3);
    });
  });

  it('Insufficient stock path', async () => {
    const product = await step('Seed 3 units', () => newProduct({ stock: 3 }));
    const { token } = await step('Register', newShopper);

    await step('Order 4: refused, with the number that is left', async () => {
      const refused = await order(token, product, 4);
      expect(refused.status).toBe(409);
      expect(refused.headers.get('content-type')).toContain('application/problem+json');
      expect(refused.body).toMatchObject({
        code: 'OUT_OF_STOCK',
        shortages: [{ product_id: product.id, requested: 4, available: 3 }],
      });
    });

    await step('Nothing was ordered or reserved', async () => {
      expect((await rest('GET', '/v1/orders', { token })).body.data).toEqual([]);
      expect(await stockOf(product)).toBe(3);
    });

    await step('Order 3, all that is left', async () => {
      expect((await order(token, product, 3)).status).toBe(201);
      expect(await stockOf(product)).toBe(0);
    });
  });

  it('Payment failure rollback', async () => {
    const product = await step('Seed 5 units', () => newProduct({ stock: 5 }));
    const { token } = await step('Register', newShopper);

    const id = await step('Order 4: they are reserved', async () => {
      const { status, body } = await order(token, product, 4);
      expect(status).toBe(201);
      expect(await stockOf(product)).toBe(1);
      return body.id as string;
    });

    await step('Pay (declined)', async () => {
      const declined = await pay(token, id, 'sim_decline');
      expect(declined.status).toBe(402);
      expect(declined.headers.get('content-type')).toContain('application/problem+json');
      expect(declined.body).toMatchObject({
        code: 'PAYMENT_DECLINED',
        order: { id, status: 'CANCELLED' },
      });
    });

    await step('The order is cancelled, and its units are back', async () => {
      expect(await orderOf(token, id)).toMatchObject({
        status: 'CANCELLED',
        cancellation: { reason: 'PAYMENT_FAILED' },
      });
      expect(await paymentsOf(token, id)).toMatchObject([{ status: 'FAILED' }]);
      expect(await stockOf(product)).toBe(5);
    });
  });
});
