// Not for a remote shop: reads the logs, the spans and the metrics of its processes.
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { graph } from '../testkit/graph.ts';
import { scrapeAll } from '../testkit/metrics.ts';
import { newProduct } from '../testkit/products.ts';
import { rest } from '../testkit/rest.ts';
import { newTraceId, passThroughAll, spansLinkedTo, spansOf, traceOf } from '../testkit/traces.ts';
import {
  chargeSucceeded,
  deliverWebhook,
  readShopSecrets,
  signWebhook,
  webhookSecret,
} from '../testkit/webhooks.ts';

/** Of the variables of the shop, what is so long is a secret, an address or a key. */
const SECRET_NAME = /SECRET|PASSWORD|PRIVATE_KEY/;

const readLogs = async (): Promise<string> => {
  const folder = path.join(process.env['E2E_STATE_DIR'] ?? '', 'logs');
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  return texts.join('\n');
};

/** All that the shop has written about a purchase. */
const readOutput = async () => ({
  logs: await readLogs(),
  spans: await (await fetch(process.env['E2E_OTLP_URL'] ?? '')).text(),
  metrics: (await scrapeAll()).join('\n'),
});

/** Texts that only one test uses, and that identify a person, or let someone act as one. */
const plantCanaries = () => {
  const id = randomUUID();
  return {
    email: `canary-${id}@example.com`,
    otherEmail: `other-canary-${id}@example.com`,
    password: `canary password ${id}`,
    wrongPassword: `canary wrong password ${id}`,
    newPassword: `canary new password ${id}`,
    name: `Canary Name ${id}`,
    userAgent: `CanaryBrowser/${id}`,
    // TEST-NET-3 (RFC 5737).
    address: '203.0.113.77',
    orderKey: `canary-order-key-${id}`,
    payKey: `canary-pay-key-${id}`,
    cardNumber: '4242424242424242',
    search: `canary search ${id}`,
    recipient: `Canary Recipient ${id}`,
    street: `Canary Street ${id}`,
    floor: `Canary Floor ${id}`,
    postalCode: `CP${id.replaceAll('-', '').slice(0, 18)}`,
    city: `Canary City ${id}`,
    region: `Canary Region ${id}`,
  };
};

describe('a purchase', () => {
  it('leaves no secret and no personal data in logs, spans and metrics', async () => {
    const canaries = plantCanaries();
    const { email, password } = canaries;
    const product = await newProduct({ stock: 5 });
    const traceId = newTraceId();
    const client = {
      ...traceOf(traceId),
      'user-agent': canaries.userAgent,
      'x-forwarded-for': canaries.address,
    };
    const post = (path: string, body: object | string, token?: string, headers = {}) =>
      rest('POST', path, { body, token, headers: { ...client, ...headers } });

    const { body: session } = await post('/v1/auth/register', { email, password });
    const token: string = session.access_token;
    await post('/v1/auth/register', { email, password });
    await post('/v1/auth/login', { email, password: canaries.wrongPassword });
    await post('/v1/auth/login', `{"email":"${email}","password":"${password}`);
    const { body: renewed } = await post('/v1/auth/refresh', {
      refresh_token: session.refresh_token,
    });
    await rest('PATCH', '/v1/me', { body: { name: canaries.name }, token, headers: client });
    // Values in the text of an operation, and in an address, instead of in variables.
    const login = `mutation Login { login(input: { email: ${JSON.stringify(canaries.otherEmail)}, password: ${JSON.stringify(password)} }) { __typename } }`;
    await graph(login, {}, { headers: client });
    const search = encodeURIComponent(canaries.search);
    await rest('GET', `/v1/products?search=${search}&limit=1`, { headers: client });
    await rest('GET', `/v1/me/sessions?token=${token}`, { token, headers: client });

    const items = [{ product_id: product.id, qty: 1 }];
    const keyed = (key: string) => ({ 'idempotency-key': key });
    const placed = await post('/v1/orders', { items }, token, keyed(canaries.orderKey));
    const orderId: string = placed.body.id;
    const deliveryAddress = {
      name: canaries.recipient,
      line1: canaries.street,
      line2: canaries.floor,
      postalCode: canaries.postalCode,
      city: canaries.city,
      region: canaries.region,
      country: 'DE',
    };
    const create = `mutation Create($input: CreateOrderInput!) { createOrder(input: $input) {
      __typename ... on Order { deliveryAddress { name } } } }`;
    const order = (address: object) =>
      graph(
        create,
        { input: { items: [{ productId: product.id, quantity: 1 }], deliveryAddress: address } },
        { token, headers: client },
      );
    expect((await order(deliveryAddress)).data['createOrder']).toEqual({
      __typename: 'Order',
      deliveryAddress: { name: canaries.recipient },
    });
    // A part that is too long, a country that is none, and a part of another type.
    await order({ ...deliveryAddress, city: canaries.city.repeat(10) });
    await order({ ...deliveryAddress, country: canaries.city });
    await order({ ...deliveryAddress, line1: [canaries.street, { at: canaries.floor }] });
    const { postalCode, ...parts } = deliveryAddress;
    const restAddress = { ...parts, postal_code: postalCode };
    await post('/v1/orders', { items, delivery_address: restAddress }, token);
    const wrong = { ...restAddress, line2: [canaries.floor], country: canaries.city };
    await post('/v1/orders', { items, delivery_address: wrong }, token);
    const refused = { payment_method: canaries.cardNumber };
    await post(`/v1/orders/${orderId}/pay`, refused, token);
    const late = { payment_method: 'sim_late_success' };
    const paid = await post(`/v1/orders/${orderId}/pay`, late, token, keyed(canaries.payKey));
    expect(paid.status).toBe(202);
    const event = chargeSucceeded(orderId);
    const signature = signWebhook(event, webhookSecret());
    await deliverWebhook(event, signature, { headers: client });
    await post(
      '/v1/auth/password',
      { current_password: password, new_password: canaries.newPassword },
      token,
    );
    const { body: last } = await post('/v1/auth/login', { email, password: canaries.newPassword });

    // Each process exports its spans in the order in which they ended. Background work comes later.
    await passThroughAll(last.access_token, orderId);
    await eventually(async () => {
      const services = new Set((await spansOf(traceId)).map(({ service }) => service));
      expect(services.size).toBe(6);
      const later = (await spansLinkedTo(traceId)).map(({ name }) => name);
      expect(later).toEqual(expect.arrayContaining(['publish events', 'process provider_events']));
    });
    const secrets = Object.entries(readShopSecrets())
      .filter(([name]) => SECRET_NAME.test(name))
      .map(([, value = '']) => value);
    expect(secrets.length).toBeGreaterThan(5);
    const tokens = [session, renewed, last].flatMap((each) => [
      each.access_token as string,
      each.refresh_token as string,
    ]);
    const planted = [...Object.values(canaries), ...tokens, signature, ...secrets];

    const output = await eventually(async () => {
      const read = await readOutput();
      // What identifies the purchase is there: the search below would find a text.
      expect(read.logs).toContain(traceId);
      expect(read.spans).toContain(orderId);
      expect(read.metrics).toContain('shop_order_placed_total');
      return read;
    });
    for (const [place, text] of Object.entries(output)) {
      const found = planted.filter(
        (canary) => text.includes(canary) || text.includes(encodeURIComponent(canary)),
      );
      expect([place, found]).toEqual([place, []]);
    }
  });
});
