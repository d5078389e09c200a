// Not for a remote shop: reads the spans of the shop.
import { beforeAll, describe, expect, it } from 'vitest';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { newShopper, type Account } from '../testkit/accounts.ts';
import { SETTLES_MS } from '../testkit/orders.ts';
import type { ReceivedSpan } from '../testkit/otlp-receiver.ts';
import { newProduct, type Product } from '../testkit/products.ts';
import { rest } from '../testkit/rest.ts';
import {
  callsBetween,
  newTraceId,
  spansLinkedTo,
  spansOf,
  statementsOf,
  traceOf,
} from '../testkit/traces.ts';
import {
  chargeSucceeded,
  deliverWebhook,
  signWebhook,
  webhookSecret,
} from '../testkit/webhooks.ts';

let shopper: Account;
let product: Product;

beforeAll(async () => {
  shopper = await newShopper();
  product = await newProduct({ stock: 50 });
});

/** Sends a request in a trace of its own. @returns its trace, and the body of the response */
const send = async (path: string, body: object) => {
  const traceId = newTraceId();
  // The trace of the caller continues in the shop (W3C Trace Context).
  const headers = traceOf(traceId);
  const response = await rest('POST', path, { token: shopper.token, body, headers });
  expect([200, 201, 202]).toContain(response.status);
  return { traceId, body: response.body };
};

const placeOrder = () => send('/v1/orders', { items: [{ product_id: product.id, qty: 1 }] });

const pay = (orderId: string, method: string) =>
  send(`/v1/orders/${orderId}/pay`, { payment_method: method });

/** Services fetch the keys of the user service in their first request, and when they are too old. */
const withoutKeys = (spans: readonly ReceivedSpan[]) =>
  spans.filter(({ attributes, service }) => {
    const isKeySet = attributes['url.path'] === '/.well-known/jwks.json';
    return !isKeySet && service !== 'cartograph-user';
  });

/** Spans arrive in batches, a parent after its children. */
const eventuallySpansOf = (traceId: string, check: (spans: readonly ReceivedSpan[]) => void) =>
  eventually(async () => check(withoutKeys(await spansOf(traceId))));

/** Waits for a span in the background that links to a trace. */
const eventuallyLinked = (traceId: string, service: string, name: string) =>
  eventually(async () => {
    const linked = await spansLinkedTo(traceId);
    const found = linked.find(
      (span) => span.service === `cartograph-${service}` && span.name === name,
    );
    if (!found) throw new Error(`${service} has no span "${name}" with a link to ${traceId}`);
    return found;
  }, SETTLES_MS);

describe('the trace of a purchase', () => {
  it('leads from the REST request through the router and the subgraphs down to the SQL', async () => {
    const placed = await placeOrder();
    const paid = await pay(placed.body.id, 'sim_success');

    await eventuallySpansOf(placed.traceId, (spans) => {
      expect([...callsBetween(spans)].sort()).toEqual([
        'order -> product',
        'rest -> router',
        'router -> order',
      ]);
      expect(statementsOf(spans, 'order')).toContain('order.place');
      expect(statementsOf(spans, 'product')).toContain('product.reserve');
    });
    await eventuallySpansOf(paid.traceId, (spans) => {
      expect([...callsBetween(spans)].sort()).toEqual([
        'order -> payment',
        'order -> product',
        'rest -> router',
        'router -> order',
      ]);
      expect(statementsOf(spans, 'order')).toEqual(
        expect.arrayContaining(['order.start', 'order.confirm', 'order.settle']),
      );
      expect(statementsOf(spans, 'payment')).toEqual(
        expect.arrayContaining(['payment.insert', 'payment.settle']),
      );
      expect(statementsOf(spans, 'product')).toContain('product.commit');
      // Every span but the first has a parent in the same trace.
      const ids = new Set(spans.map(({ spanId }) => spanId));
      const roots = spans.filter(({ parentSpanId }) => !ids.has(parentSpanId ?? ''));
      expect(roots).toMatchObject([
        {
          service: 'cartograph-rest',
          name: 'POST /v1/orders/:id/pay',
          kind: 'SERVER',
          attributes: { 'http.route': '/v1/orders/:id/pay' },
        },
      ]);
    });
  });

  it('is linked to by what publishes its events from the outbox', async () => {
    const placed = await placeOrder();
    const paid = await pay(placed.body.id, 'sim_success');
    const publishes = [
      [placed.traceId, 'order'],
      [paid.traceId, 'order'],
      [paid.traceId, 'payment'],
    ] as const;
    for (const [traceId, service] of publishes) {
      const published = await eventuallyLinked(traceId, service, 'publish events');
      expect(published.kind).toBe('PRODUCER');
      // What it links to is the span that wrote the event, in the same service.
      const link = published.links.find((each) => each.traceId === traceId);
      await eventually(async () => {
        const cause = (await spansOf(traceId)).find(({ spanId }) => spanId === link?.spanId);
        expect(cause?.service).toBe(published.service);
      });
    }
  });

  it('is linked to by the steps that finish it later, and so is that of a webhook', async () => {
    const placed = await placeOrder();
    const paid = await pay(placed.body.id, 'sim_late_success');
    const event = chargeSucceeded(placed.body.id);
    const webhook = newTraceId();
    const receipt = await deliverWebhook(event, signWebhook(event, webhookSecret()), {
      headers: traceOf(webhook),
    });
    expect(receipt.body).toMatchObject({ received: true, duplicate: false });

    await eventuallySpansOf(webhook, (spans) => {
      expect([...callsBetween(spans)].sort()).toEqual(['rest -> router', 'router -> payment']);
      expect(statementsOf(spans, 'payment')).toContain('provider_event.insert');
    });
    const processed = await eventuallyLinked(webhook, 'payment', 'process provider_events');
    expect(statementsOf(await spansOf(processed.traceId), 'payment')).toContain(
      'provider_event.find',
    );
    // The order service is notified of the payment, in a trace that links to the request that began it.
    const notified = await eventuallyLinked(paid.traceId, 'payment', 'process payments.notify');
    await eventuallySpansOf(notified.traceId, (spans) => {
      expect(callsBetween(spans)).toContain('payment -> order');
      expect(statementsOf(spans, 'order')).toContain('order.confirm');
    });
  });
});
