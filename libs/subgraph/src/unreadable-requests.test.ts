import { CALLER_HEADER, makeCallerSigner } from '@cartograph/auth';
import { parseEnv } from '@cartograph/config';
import {
  MALFORMED_HOSTS,
  NOT_UTF8,
  putBytes,
  sendRaw,
  sendSlowly,
  TEST_SECRET,
} from '@cartograph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subgraphConfig, subgraphEnv } from './subgraph-config.ts';
import { openSubgraph, type TestSubgraph } from '../test/open-subgraph.ts';

const TYPES = `
  type Query { shop: String! @auth(requires: PUBLIC) }
`;

let subgraph: TestSubgraph;
let verifications = 0;

beforeAll(async () => {
  const env = parseEnv(subgraphEnv, {
    NODE_ENV: 'test',
    ROUTER_SECRET: TEST_SECRET,
    HTTP_HEADERS_TIMEOUT_MS: '300',
    HTTP_REQUEST_TIMEOUT_MS: '600',
    HTTP_MAX_HEADERS: '20',
  });
  const { httpLimits } = subgraphConfig(
    { name: 'test', port: 0, databaseUrl: 'postgres://a:b@c/d' },
    env,
  );
  subgraph = await openSubgraph(
    TYPES,
    { Query: { shop: () => 'Cartograph' } },
    {
      verifyToken: async () => {
        verifications += 1;
        return null;
      },
      checkSession: async () => 'unknown',
      httpLimits,
    },
  );
  await subgraph.app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(() => subgraph.close());

const HEAD = 'POST /graphql HTTP/1.1\r\nHost: product:4002\r\nContent-Type: application/json\r\n';

describe('a subgraph', () => {
  it.each([
    ['headers', `${HEAD}X-Slow: `],
    ['a body', `${HEAD}Content-Length: 9999\r\n\r\n`],
  ])('ends %s that arrive too slowly, with 408', async (_what, beginning) => {
    const { status, body } = await sendSlowly(subgraph.app, beginning, ' ');
    expect([status, body]).toEqual([408, expect.stringContaining('REQUEST_TIMEOUT')]);
  });

  it('refuses too many headers, with 431', async () => {
    const { status, body } = await sendRaw(
      subgraph.app,
      `${HEAD}Connection: close\r\n${'a: b\r\n'.repeat(30)}\r\n`,
    );
    expect([status, body]).toEqual([431, expect.stringContaining('HEADERS_TOO_LARGE')]);
  });

  it.each(NOT_UTF8)('refuses a body with %s, signed or not', async (_what, bytes) => {
    const body = putBytes('{"query":"{ shop } #@"}', bytes);
    // A caller signs text: the text that these bytes would decode to.
    const signed = { audience: 'test', method: 'POST', path: '/graphql', body: body.toString() };
    for (const signature of [undefined, makeCallerSigner('router', TEST_SECRET)(signed)]) {
      const response = await subgraph.app.inject({
        method: 'POST',
        url: '/graphql',
        headers: {
          'content-type': 'application/json',
          ...(signature !== undefined && { [CALLER_HEADER]: signature }),
        },
        payload: body,
      });
      expect([response.statusCode, response.body]).toEqual([
        400,
        expect.stringContaining('MALFORMED_REQUEST'),
      ]);
    }
  });

  it.each(MALFORMED_HOSTS)('refuses the host %j', async (host) => {
    const head = `POST /graphql HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    const { status, body } = await sendRaw(subgraph.app, Buffer.from(head, 'latin1'));
    expect([status, body]).toEqual([400, expect.stringContaining('MALFORMED_REQUEST')]);
  });

  it.each([
    [4_089, 200],
    [4_090, 401],
  ])('verifies an access token of %i characters: %i', async (length, expected) => {
    verifications = 0;
    const body = '{"query":"{ shop }"}';
    const sign = makeCallerSigner('router', TEST_SECRET);
    const response = await subgraph.app.inject({
      method: 'POST',
      url: '/graphql',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${'a'.repeat(length)}`,
        [CALLER_HEADER]: sign({ audience: 'test', method: 'POST', path: '/graphql', body }),
      },
      payload: body,
    });
    expect([response.statusCode, verifications]).toEqual([expected, expected === 200 ? 1 : 0]);
    if (expected === 401) expect(response.body).toContain('UNAUTHENTICATED');
  });

  it('refuses invalid JSON in the format of its other errors', async () => {
    const sign = makeCallerSigner('router', TEST_SECRET);
    for (const payload of ['{', '\ufeff{}', '{"query":"{ shop }"']) {
      const signed = { audience: 'test', method: 'POST', path: '/graphql', body: payload };
      const headers = { 'content-type': 'application/json', [CALLER_HEADER]: sign(signed) };
      const response = await subgraph.app.inject({
        method: 'POST',
        url: '/graphql',
        headers,
        payload,
      });
      expect([response.statusCode, response.body]).toEqual([
        400,
        expect.stringContaining('MALFORMED_REQUEST'),
      ]);
    }
  });
});
