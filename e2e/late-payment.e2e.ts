import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from './testkit/eventually.ts';
import { cancel, historyOf, order, orderOf, pay, paymentOf, paymentsOf } from './testkit/orders.ts';
import { newShopper, type Person } from './testkit/people.ts';
import { newProduct, stockOf } from './testkit/products.ts';
import { rest } from './testkit/rest.ts';

/** The shop asks a provider by itself when it has heard nothing for so long. */
const ASKS_BY_ITSELF_MS = 15_000;

const SETTLES_MS = 50_000;

let shopper: Person;

beforeAll(async () => {
  shopper = await newShopper();
});

const place = async () => {
  const product = await newProduct({ stock: 5, price_cents: 1500 });
  const { body } = await order(shopper.token, product, 2);
  return { product, id: body.id as string };
};

/** Waits until an order is in a status. */
const becomes = (id: string, status: string) =>
  eventually(async () => {
    const now = await orderOf(shopper.token, id);
    expect(now.status).toBe(status);
    return now;
  }, SETTLES_MS);

/** How an order, its payments and their refunds stand. */
const stateOf = async (id: string) => {
  const ids = await paymentsOf(shopper.token, id);
  const payments = await Promise.all(ids.map((one) => paymentOf(shopper.token, one)));
  const { status } = await orderOf(shopper.token, id);
  const told = payments.flatMap((payment) => [payment, ...payment.refunds]);
  return [status, ...told.map((one) => one.status)];
};

/** How often each thing happened to an order. */
const countEvents = async (id: string) => {
  const events = (await historyOf(shopper.token, id)).map(({ event }) => event as string);
  return (name: string) => events.filter((event) => event === name).length;
};

describe('a payment that is decided later', () => {
  it.concurrent('confirms the order by the provider’s webhook, before anybody asks', async () => {
    const { product, id } = await place();
    const accepted = await pay(shopper.token, id, 'sim_late_success');
    expect(accepted).toMatchObject({
      status: 202,
      body: { id, status: 'PENDING', payment: { status: 'PROCESSING' } },
    });
    await becomes(id, 'CONFIRMED');
    expect(await paymentOf(shopper.token, accepted.body.payment.id)).toMatchObject({
      status: 'SUCCEEDED',
      refunds: [],
    });
    expect(await stockOf(product)).toBe(3);
    const history = await historyOf(shopper.token, id);
    const at = (name: string) => Date.parse(history.find(({ event }) => event === name)?.at);
    expect(at('CONFIRMED') - at('PAYMENT_STARTED')).toBeLessThan(ASKS_BY_ITSELF_MS);
  });

  it.concurrent('cancels the order when it is declined, and gives the stock back', async () => {
    const { product, id } = await place();
    expect((await pay(shopper.token, id, 'sim_late_decline')).status).toBe(202);
    const end = await becomes(id, 'CANCELLED');
    expect(end.cancellation.reason).toBe('PAYMENT_FAILED');
    expect(await stateOf(id)).toEqual(['CANCELLED', 'FAILED']);
    await eventually(async () => expect(await stockOf(product)).toBe(5));
    expect(await pay(shopper.token, id)).toMatchObject({
      status: 402,
      body: { code: 'PAYMENT_DECLINED', reason: 'card_declined' },
    });
  });

  it.concurrent('is found out when the provider did not answer', async () => {
    const { id } = await place();
    const accepted = await pay(shopper.token, id, 'sim_timeout');
    expect(accepted).toMatchObject({ status: 202, body: { status: 'PENDING' } });
    await becomes(id, 'CONFIRMED');
    expect(await stateOf(id)).toEqual(['CONFIRMED', 'SUCCEEDED']);
  });

  it.concurrent('confirms once, however often the provider says so', async () => {
    const { product, id } = await place();
    expect((await pay(shopper.token, id, 'sim_duplicate_webhooks')).status).toBe(202);
    await becomes(id, 'CONFIRMED');
    expect(await stateOf(id)).toEqual(['CONFIRMED', 'SUCCEEDED']);
    const count = await countEvents(id);
    expect([count('PAYMENT_DECIDED'), count('CONFIRMED')]).toEqual([1, 1]);
    expect(await stockOf(product)).toBe(3);
  });

  it.concurrent(
    'gives its money back by itself when the order was cancelled in the meantime',
    async () => {
      const { product, id } = await place();
      const accepted = await pay(shopper.token, id, 'sim_late_success');
      expect(accepted.status).toBe(202);
      expect(await cancel(shopper.token, id)).toMatchObject({
        status: 200,
        body: { status: 'CANCELLED', cancellation: { reason: 'CUSTOMER_REQUEST' } },
      });
      const paymentId = accepted.body.payment.id;
      const payment = await eventually(async () => {
        const now = await paymentOf(shopper.token, paymentId);
        expect(now.status).toBe('REFUNDED');
        return now;
      }, SETTLES_MS);
      expect(payment.refunds).toEqual([
        expect.objectContaining({ status: 'SUCCEEDED', amount_cents: 3000 }),
      ]);
      expect(await orderOf(shopper.token, id)).toMatchObject({
        status: 'CANCELLED',
        cancellation: { reason: 'CUSTOMER_REQUEST' },
      });
      expect(await stockOf(product)).toBe(5);
      expect((await countEvents(id))('REFUND_REQUESTED')).toBe(1);
    },
  );

  it.concurrent('settles, whatever the simulator does with it', async () => {
    const ends: Readonly<Record<string, readonly string[]>> = {
      sim_success: ['CONFIRMED', 'SUCCEEDED'],
      sim_decline: ['CANCELLED', 'FAILED'],
      sim_timeout: ['CONFIRMED', 'SUCCEEDED'],
      sim_timeout_decline: ['CANCELLED', 'FAILED'],
      sim_error_then_success: ['CONFIRMED', 'SUCCEEDED'],
      sim_late_success: ['CONFIRMED', 'SUCCEEDED'],
      sim_late_decline: ['CANCELLED', 'FAILED'],
      // The decline stands: what was taken all the same goes back.
      sim_decline_then_success: ['CANCELLED', 'FAILED', 'SUCCEEDED'],
      sim_duplicate_webhooks: ['CONFIRMED', 'SUCCEEDED'],
      sim_reordered_webhooks: ['CONFIRMED', 'SUCCEEDED'],
      sim_refund_failure: ['CONFIRMED', 'SUCCEEDED'],
    };
    const settle = async (method: string, end: readonly string[]) => {
      const { id } = await place();
      await pay(shopper.token, id, method);
      await eventually(async () => {
        expect([method, ...(await stateOf(id))]).toEqual([method, ...end]);
      }, SETTLES_MS);
    };
    await Promise.all(Object.entries(ends).map(([method, end]) => settle(method, end)));
  });
});

describe('a webhook', () => {
  const secretOfShop = (): string =>
    parseEnv(readFileSync(path.join(process.env['E2E_STATE_DIR'] ?? '', 'dev.env'), 'utf8'))[
      'SIMULATOR_WEBHOOK_SECRET'
    ] ?? '';

  const sign = (body: string, secret: string, at = Math.floor(Date.now() / 1_000)): string =>
    `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;

  const deliver = (body: string, signature: string, provider = 'simulator') =>
    rest('POST', `/v1/webhooks/payments/${provider}`, {
      body,
      headers: { 'simulator-signature': signature },
    });

  const eventAbout = (id: string) =>
    JSON.stringify({
      id: `evt_${randomUUID()}`,
      type: 'charge.succeeded',
      data: { object: { reference: 'sim_x', idempotency_key: `payment:${id}:1` } },
    });

  it('is taken once, whoever it is about', async () => {
    const event = eventAbout(randomUUID());
    const receipts = [];
    for (let copy = 0; copy < 3; copy += 1) {
      receipts.push(await deliver(event, sign(event, secretOfShop())));
    }
    expect(receipts.map(({ status, body }) => [status, body])).toEqual([
      [200, { received: true, duplicate: false }],
      [200, { received: true, duplicate: true }],
      [200, { received: true, duplicate: true }],
    ]);
  });

  it.concurrent('that is forged is refused, and nothing comes of it', async () => {
    const { id } = await place();
    const accepted = await pay(shopper.token, id, 'sim_late_decline');
    const event = eventAbout(id);
    const good = sign(event, secretOfShop());
    const now = Math.floor(Date.now() / 1_000);
    const forged = [
      await deliver(event, sign(event, 'a-secret-that-somebody-made-up-0123456789')),
      await deliver(event, sign(event, secretOfShop(), now - 3_600)),
      await deliver(`${event} `, good),
      await deliver(event.replace('charge.succeeded', 'charge.failed'), good),
      await deliver(event, 'nonsense'),
      await rest('POST', '/v1/webhooks/payments/simulator', { body: event }),
    ];
    for (const { status, body } of forged) {
      expect([status, body.code]).toEqual([400, 'PAYMENT_EVENT_REFUSED']);
    }
    expect((await deliver(event, good, 'paypal')).status).toBe(404);
    const large = 'x'.repeat(256 * 1024 + 1);
    expect((await deliver(large, sign(large, secretOfShop()))).status).toBe(413);
    // It ends as the provider itself says when it is asked, not as anybody claimed.
    await becomes(id, 'CANCELLED');
    expect((await paymentOf(shopper.token, accepted.body.payment.id)).status).toBe('FAILED');
  });

  it.concurrent('that is true but claims what is not changes nothing', async () => {
    const { id } = await place();
    const accepted = await pay(shopper.token, id, 'sim_late_decline');
    const event = eventAbout(id);
    expect((await deliver(event, sign(event, secretOfShop()))).status).toBe(200);
    await becomes(id, 'CANCELLED');
    expect((await paymentOf(shopper.token, accepted.body.payment.id)).status).toBe('FAILED');
  });
});
