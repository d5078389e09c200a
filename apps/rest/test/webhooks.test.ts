import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { failWith, ID, TIME } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

const SIGNED = { 'simulator-signature': 't=1,v1=ab' };
const LARGEST = 256 * 1024;

const receipt = (duplicate: boolean) => ({
  __typename: 'PaymentEvent',
  id: ID,
  received: TIME,
  duplicate,
});

describe('webhooks of payment providers', () => {
  let rest: Rest;
  beforeAll(async () => {
    rest = await startRest();
  });
  afterAll(() => rest.close());

  const deliver = (
    payload: string | Buffer,
    headers: Record<string, string> = SIGNED,
    provider = 'simulator',
  ) => rest.sendRaw({ method: 'POST', url: `/v1/webhooks/payments/${provider}`, headers, payload });

  const handedOn = () => rest.router.received.at(-1)?.variables['input'];

  it.each([
    ['simulator', 'simulator-signature'],
    ['stripe', 'stripe-signature'],
  ])('of %s are handed on with what its %s says', async (provider, header) => {
    rest.router.respond({ recordPaymentEvent: receipt(false) });
    const others = { 'stripe-signature': 'wrong', 'simulator-signature': 'wrong' };
    const reply = await deliver('{}', { ...others, [header]: 'right' }, provider);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({ received: true, duplicate: false });
    expect(handedOn()).toEqual({ provider, payload: '{}', signature: 'right' });
  });

  it('say that they had come before', async () => {
    rest.router.respond({ recordPaymentEvent: receipt(true) });
    expect(await deliver('{}')).toMatchObject({ status: 200, body: { duplicate: true } });
  });

  it.each([
    ['spaces and line ends', ' {"a" :\r\n\t1}\n\n'],
    ['what is no JSON', '{"a":'],
    ['keys that are poison in JSON', '{"__proto__":{},"a":1,"a":2}'],
    ['a byte order mark', '\ufeff{}'],
    ['characters of every length', '"ß€😀\u2028\ufffd"'],
    ['numbers that JavaScript would round', '{"n":12345678901234567890.10}'],
  ])('are handed on byte for byte: %s', async (_, payload) => {
    rest.router.respond({ recordPaymentEvent: receipt(false) });
    expect((await deliver(Buffer.from(payload))).status).toBe(200);
    expect(handedOn()).toMatchObject({ payload });
  });

  it.each([
    ['application/json'],
    ['text/plain; charset=latin1'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data'],
    [';;no type at all'],
  ])('may be called %s', async (type) => {
    rest.router.respond({ recordPaymentEvent: receipt(false) });
    expect(await deliver('{"é":1}', { ...SIGNED, 'content-type': type })).toMatchObject({
      status: 200,
    });
    expect(handedOn()).toMatchObject({ payload: '{"é":1}' });
  });

  it('need no token, and a token of the sender is ignored', async () => {
    rest.router.respond({ recordPaymentEvent: receipt(false) });
    await deliver('{}', { ...SIGNED, authorization: 'Basic c3RyaXBlOng=' });
    expect(rest.router.received.at(-1)?.headers).not.toHaveProperty('authorization');
  });

  it('are refused when the graph refuses them', async () => {
    rest.router.respond({
      recordPaymentEvent: {
        __typename: 'PaymentEventRefusedProblem',
        code: 'PAYMENT_EVENT_REFUSED',
        message: 'Said.',
      },
    });
    expect(await deliver('{}')).toMatchObject({
      status: 400,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
      body: { code: 'PAYMENT_EVENT_REFUSED', detail: 'Said.' },
    });
  });

  it.each([
    ['no signature', '{}', {}],
    ['an empty signature', '{}', { 'simulator-signature': '' }],
    ['a signature of 1001 characters', '{}', { 'simulator-signature': 'x'.repeat(1_001) }],
    ['the signature of another', '{}', { 'stripe-signature': 'x' }],
    ['nothing in them', '', SIGNED],
    ['bytes that are no text', Buffer.from([0x22, 0xff, 0x22]), SIGNED],
    ['half a character', Buffer.from([0xe2, 0x82]), SIGNED],
    ['control characters', '"\u0000"', SIGNED],
    ['control characters that would grow', '\u0001'.repeat(LARGEST), SIGNED],
  ])('are refused without a word to the graph with %s', async (_, payload, headers) => {
    const sent = rest.router.received.length;
    expect(await deliver(payload, headers)).toMatchObject({
      status: 400,
      body: { code: 'PAYMENT_EVENT_REFUSED' },
    });
    expect(rest.router.received).toHaveLength(sent);
  });

  it.each(['paypal', '__proto__', 'Stripe', '..%2fsimulator'])(
    'of %s are not found, with any body',
    async (provider) => {
      const headers = { ...SIGNED, 'stripe-signature': 'x', 'content-length': '9999999' };
      expect(await deliver('{}', headers, provider)).toMatchObject({
        status: 404,
        body: { code: 'NOT_FOUND' },
      });
    },
  );

  it('may be 256 kB large and no larger', async () => {
    rest.router.respond({ recordPaymentEvent: receipt(false) });
    expect((await deliver('"'.repeat(LARGEST))).status).toBe(200);
    const sent = rest.router.received.length;
    expect(await deliver('x'.repeat(LARGEST + 1))).toMatchObject({
      status: 413,
      body: { code: 'PAYLOAD_TOO_LARGE' },
    });
    expect(rest.router.received).toHaveLength(sent);
  });

  it('leave the bodies of other routes as they were', async () => {
    const reply = await rest.sendRaw({
      method: 'POST',
      url: '/v1/orders',
      headers: { 'content-type': 'application/octet-stream' },
      payload: '{}',
    });
    expect(reply.status).toBe(415);
  });

  it('are to be sent again while the graph is away', async () => {
    rest.router.respond({ recordPaymentEvent: failWith('UNAVAILABLE') });
    expect(await deliver('{}')).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  });

  describe('in a flood', () => {
    let calm: Rest;
    beforeAll(async () => {
      calm = await startRest();
    });
    afterAll(() => calm.close());

    it('leave room for customers, and are to be sent again', async () => {
      const waiting: (() => void)[] = [];
      calm.router.respondRaw((response) => {
        const data = { recordPaymentEvent: receipt(false) };
        waiting.push(() => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ data }));
        });
      });
      const url = '/v1/webhooks/payments/simulator';
      const flood = Array.from({ length: 50 }, () =>
        calm.sendRaw({ method: 'POST', url, headers: SIGNED, payload: '{}' }),
      );
      await eventually(() => expect(waiting).toHaveLength(32), 5_000);
      for (const response of waiting) response();
      const replies = await Promise.all(flood);
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(32);
      const turnedAway = replies.filter(({ status }) => status !== 200);
      expect(turnedAway).toHaveLength(18);
      expect(turnedAway[0]).toMatchObject({
        status: 503,
        headers: { 'retry-after': '1' },
        body: { code: 'UNAVAILABLE' },
      });
      expect(calm.logged).toEqual([]);

      // What is done makes room again.
      calm.router.respond({ recordPaymentEvent: receipt(false) });
      const next = await calm.sendRaw({ method: 'POST', url, headers: SIGNED, payload: '{}' });
      expect(next.status).toBe(200);
    });
  });
});
