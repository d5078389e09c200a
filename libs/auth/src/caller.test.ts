import { createHash, createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeCallerSigner, makeCallerVerifier, type CallerVerifier } from './caller.ts';

const ROUTER_SECRET = 'the-secret-of-the-router-0123456789';
const ORDER_SECRET = 'the-secret-of-the-orders-0123456789';

const request = {
  audience: 'product',
  method: 'POST',
  path: '/graphql',
  body: '{"query":"{ me { id } }"}',
};
const sign = makeCallerSigner('router', ROUTER_SECRET);

let now: number;
let verify: CallerVerifier;

beforeEach(() => {
  now = Date.now();
  verify = makeCallerVerifier({ router: ROUTER_SECRET, order: ORDER_SECRET }, () => now);
});

describe('the signature of a caller', () => {
  it('authenticates the caller', () => {
    expect(verify(sign(request, now), request)).toBe('router');
    expect(verify(makeCallerSigner('order', ORDER_SECRET)(request, now), request)).toBe('order');
  });

  it('is unique, and does not contain the secret', () => {
    const headers = Array.from({ length: 100 }, () => sign(request, now));
    expect(new Set(headers).size).toBe(100);
    expect(headers.join()).not.toContain(ROUTER_SECRET);
    for (const header of headers) expect(verify(header, request)).toBe('router');
  });

  it('covers empty bodies and any text', () => {
    for (const body of ['', '\n', '{"q":"ü😀"}', 'x'.repeat(100_000)]) {
      const signed = { ...request, body };
      expect(verify(sign(signed, now), signed)).toBe('router');
    }
  });

  it.each([
    ['body', { body: '{"query":"{ users { id } }"}' }],
    ['body, by a space', { body: `${request.body} ` }],
    ['receiver', { audience: 'payment' }],
    ['path', { path: '/graphql?x=1' }],
    ['method', { method: 'GET' }],
  ])('is refused with another %s', (_what, change) => {
    const header = sign(request, now);
    expect(verify(header, { ...request, ...change })).toBeNull();
    // Nor was it used up by the attempt.
    expect(verify(header, request)).toBe('router');
  });

  it('is refused with another secret, or with the name of another caller', () => {
    expect(verify(makeCallerSigner('router', ORDER_SECRET)(request, now), request)).toBeNull();
    const [, ...rest] = sign(request, now).split('.');
    expect(verify(['order', ...rest].join('.'), request)).toBeNull();
  });

  it('is refused from a caller that this process does not accept', () => {
    expect(verify(makeCallerSigner('user', ROUTER_SECRET)(request, now), request)).toBeNull();
    const deaf = makeCallerVerifier({}, () => now);
    expect(deaf(sign(request, now), request)).toBeNull();
  });

  it('is valid for 30 seconds, with either clock ahead', () => {
    expect(verify(sign(request, now - 30_000), request)).toBe('router');
    expect(verify(sign(request, now + 30_000), request)).toBe('router');
    expect(verify(sign(request, now - 30_001), request)).toBeNull();
    expect(verify(sign(request, now + 30_001), request)).toBeNull();
  });

  it('is refused with a changed time', () => {
    const [name, , ...rest] = sign(request, now - 60_000).split('.');
    expect(verify([name, now, ...rest].join('.'), request)).toBeNull();
  });

  it('is accepted once', () => {
    const header = sign(request, now);
    expect(verify(header, request)).toBe('router');
    for (let attempt = 0; attempt < 5; attempt += 1) expect(verify(header, request)).toBeNull();
  });

  it('is not accepted twice while it is valid, also on a busy process', () => {
    // Signed by a clock that is ahead: it stays fresh for two windows.
    const header = sign(request, now + 30_000);
    const start = now;
    expect(verify(header, request)).toBe('router');
    for (let second = 0; second <= 60; second += 1) {
      now = start + second * 1_000;
      expect(verify(sign(request, now), request)).toBe('router');
      expect(verify(header, request)).toBeNull();
    }
  });

  it.each([0, 1, 15, 29, 30, 31, 45, 59, 60, 61])(
    'is accepted once by a process that has run for %i s, also from a clock that is ahead',
    (seconds) => {
      const start = now;
      const run = (second: number) => {
        now = start + second * 1_000;
        expect(verify(sign(request, now), request)).toBe('router');
      };
      for (let second = 0; second <= seconds; second += 1) run(second);
      const header = sign(request, now + 30_000);
      expect(verify(header, request)).toBe('router');
      for (let second = seconds + 1; second <= seconds + 61; second += 1) {
        run(second);
        expect(verify(header, request)).toBeNull();
      }
    },
  );

  it('names its caller, even among callers with one secret', () => {
    const shared = makeCallerVerifier({ router: ROUTER_SECRET, order: ROUTER_SECRET }, () => now);
    const [, ...rest] = sign(request, now).split('.');
    expect(shared(['order', ...rest].join('.'), request)).toBeNull();
  });

  it('is an HMAC of all that it covers, and not used up by another caller', () => {
    const write = (caller: string, secret: string) => {
      const { audience, method, path, body } = request;
      const hash = createHash('sha256').update(body).digest('hex');
      const text = [caller, now, 'a-nonce', audience, method, path, hash].join('\n');
      const signature = createHmac('sha256', secret).update(text).digest('base64url');
      return `${caller}.${now}.a-nonce.${signature}`;
    };
    expect(verify(write('order', ORDER_SECRET), request)).toBe('order');
    expect(verify(write('router', ROUTER_SECRET), request)).toBe('router');
    expect(verify(write('router', ROUTER_SECRET), request)).toBeNull();
  });

  it('is remembered when the stored nonces rotate', () => {
    const start = now;
    for (const age of [0, 15_000, 29_999, 30_000, 59_999, 60_000, 60_001]) {
      now = start + age;
      const header = sign(request, now + 30_000);
      expect(verify(header, request)).toBe('router');
      now += 60_000;
      expect(verify(header, request)).toBeNull();
      now -= 60_000;
    }
  });

  it('is refused when it is malformed', () => {
    const [name, at, nonce, signature] = sign(request, now).split('.');
    const garbage = [
      undefined,
      '',
      '.',
      '...',
      'router',
      `${name}.${at}.${nonce}`,
      `${name}.${at}.${nonce}.`,
      `${name}.${at}..${signature}`,
      `${name}..${nonce}.${signature}`,
      `${name}.NaN.${nonce}.${signature}`,
      `${name}.Infinity.${nonce}.${signature}`,
      `${name}.${at}.${nonce}.${signature}.more`,
      `${name}.${at}.${nonce}.${signature?.slice(0, -1)}`,
      `${name}.${at}.${nonce}.${signature}=`,
      `${name}.${at}.${nonce}.${signature?.toUpperCase()}`,
      `Router.${at}.${nonce}.${signature}`,
      `__proto__.${at}.${nonce}.${signature}`,
      `constructor.${at}.${nonce}.${signature}`,
      '\0'.repeat(100),
    ];
    for (const header of garbage) expect(verify(header, request)).toBeNull();
  });
});
