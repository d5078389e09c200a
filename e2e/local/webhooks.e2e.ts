// Not for a remote shop: signs webhooks with the secret of the shop.
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { newShopper, type Account } from '../testkit/accounts.ts';
import { becomes, pay, paymentOf, placeOrder } from '../testkit/orders.ts';
import { rest } from '../testkit/rest.ts';

let shopper: Account;

beforeAll(async () => {
  shopper = await newShopper();
});

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

describe('a webhook', () => {
  it('is recorded once, also about an unknown payment', async () => {
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

  it.concurrent('that is forged is refused, and has no effect', async () => {
    const { id } = await placeOrder(shopper.token);
    const accepted = await pay(shopper.token, id, 'sim_late_decline');
    const event = eventAbout(id);
    const good = sign(event, secretOfShop());
    const now = Math.floor(Date.now() / 1_000);
    const forged = [
      await deliver(event, sign(event, 'another-secret-than-the-shop-has-0123456789')),
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
    // It ends as the provider reports, not as the webhooks claim.
    await becomes(shopper.token, id, 'CANCELLED');
    expect((await paymentOf(shopper.token, accepted.body.payment.id)).status).toBe('FAILED');
  });

  it.concurrent('that is signed but contradicts the provider changes nothing', async () => {
    const { id } = await placeOrder(shopper.token);
    const accepted = await pay(shopper.token, id, 'sim_late_decline');
    const event = eventAbout(id);
    expect((await deliver(event, sign(event, secretOfShop()))).status).toBe(200);
    await becomes(shopper.token, id, 'CANCELLED');
    expect((await paymentOf(shopper.token, accepted.body.payment.id)).status).toBe('FAILED');
  });
});
