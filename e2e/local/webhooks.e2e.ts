// Not for a remote shop: signs webhooks with the secret of the shop.
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { newShopper, type Account } from '../testkit/accounts.ts';
import { becomes, pay, paymentOf, placeOrder } from '../testkit/orders.ts';
import { rest } from '../testkit/rest.ts';
import {
  chargeSucceeded,
  deliverWebhook,
  signWebhook,
  webhookSecret,
} from '../testkit/webhooks.ts';

let shopper: Account;

beforeAll(async () => {
  shopper = await newShopper();
});

describe('a webhook', () => {
  it('is recorded once, also about an unknown payment', async () => {
    const event = chargeSucceeded(randomUUID());
    const receipts = [];
    for (let copy = 0; copy < 3; copy += 1) {
      receipts.push(await deliverWebhook(event, signWebhook(event, webhookSecret())));
    }
    expect(receipts.map(({ status, body }) => [status, body])).toEqual([
      [200, { received: true, duplicate: false }],
      [200, { received: true, duplicate: true }],
      [200, { received: true, duplicate: true }],
    ]);
  });

  it.concurrent('that is forged is refused, and has no effect', async () => {
    const { id } = await placeOrder(shopper.token);
    const accepted = await pay(shopper.token, id, 'sim_late_decline');
    const event = chargeSucceeded(id);
    const good = signWebhook(event, webhookSecret());
    const now = Math.floor(Date.now() / 1_000);
    const forged = [
      await deliverWebhook(
        event,
        signWebhook(event, 'another-secret-than-the-shop-has-0123456789'),
      ),
      await deliverWebhook(event, signWebhook(event, webhookSecret(), now - 3_600)),
      await deliverWebhook(`${event} `, good),
      await deliverWebhook(event.replace('charge.succeeded', 'charge.failed'), good),
      await deliverWebhook(event, 'nonsense'),
      await rest('POST', '/v1/webhooks/payments/simulator', { body: event }),
    ];
    for (const { status, body } of forged) {
      expect([status, body.code]).toEqual([400, 'PAYMENT_EVENT_REFUSED']);
    }
    expect((await deliverWebhook(event, good, { provider: 'paypal' })).status).toBe(404);
    const large = 'x'.repeat(256 * 1024 + 1);
    expect((await deliverWebhook(large, signWebhook(large, webhookSecret()))).status).toBe(413);
    // It ends as the provider reports, not as the webhooks claim.
    await becomes(shopper.token, id, 'CANCELLED');
    expect((await paymentOf(shopper.token, accepted.body.payment.id)).status).toBe('FAILED');
  });

  it.concurrent('that is signed but contradicts the provider changes nothing', async () => {
    const { id } = await placeOrder(shopper.token);
    const accepted = await pay(shopper.token, id, 'sim_late_decline');
    const event = chargeSucceeded(id);
    expect((await deliverWebhook(event, signWebhook(event, webhookSecret()))).status).toBe(200);
    await becomes(shopper.token, id, 'CANCELLED');
    expect((await paymentOf(shopper.token, accepted.body.payment.id)).status).toBe('FAILED');
  });
});
