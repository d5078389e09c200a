// Not for a remote shop: reads the spans of the shop.
import { describe, expect, it } from '@jest/globals';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { newShopper } from '../testkit/accounts.ts';
import { newProduct } from '../testkit/products.ts';
import { rest } from '../testkit/rest.ts';
import { spansOf } from '../testkit/traces.ts';

/**
 * Without the user service: services know the revoked sessions. They fetch only its keys, in the
 * first request and when they are too old.
 */
const SERVICES = ['rest', 'router', 'order', 'product', 'payment'].map((n) => `cartograph-${n}`);

describe('one trace', () => {
  it('leads from the REST request through the router and the subgraphs down to the SQL', async () => {
    const { token } = await newShopper();
    const product = await newProduct({ stock: 5 });
    const placed = await rest('POST', '/v1/orders', {
      token,
      body: { items: [{ product_id: product.id, qty: 1 }] },
    });
    // The trace of the caller continues in the shop (W3C Trace Context).
    const traceId = 'a0b1c2d3e4f5061728394a5b6c7d8e9f';
    const paid = await rest('POST', `/v1/orders/${placed.body.id}/pay`, {
      token,
      headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    });
    expect(paid.status).toBe(200);

    // Spans arrive in batches, a parent after its children.
    await eventually(async () => {
      const spans = (await spansOf(traceId)).filter(
        ({ attributes }) => attributes['url.path'] !== '/.well-known/jwks.json',
      );
      const services = new Set(spans.map(({ service }) => service));
      expect([...services].sort()).toEqual([...SERVICES].sort());
      for (const service of ['order', 'product', 'payment']) {
        const queries = spans.filter(
          (span) => span.service === `cartograph-${service}` && span.attributes['db.query.text'],
        );
        expect([service, queries.length > 0]).toEqual([service, true]);
      }
      // Every span but the first has a parent in the same trace.
      const ids = new Set(spans.map(({ spanId }) => spanId));
      const roots = spans.filter(({ parentSpanId }) => !parentSpanId || !ids.has(parentSpanId));
      expect(roots.map(({ service }) => service)).toEqual(['cartograph-rest']);
    });
  });
});
