import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CALLER_HEADER, makeCallerSigner, makeCallerVerifier } from '@cartograph/auth';
import { parseEnv } from '@cartograph/config';
import { makeLogger } from '@cartograph/logging';
import { defaultLimits } from '@cartograph/operation-limits';
import { MALFORMED_HOSTS, NOT_UTF8, putBytes, sendRaw, sendSlowly } from '@cartograph/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { makeSubgraphServer } from './make-subgraph-server.ts';
import type { RequestContext } from './request-context.ts';
import { subgraphConfig, subgraphEnv } from './subgraph-config.ts';

const SECRET = 'the-secret-that-all-tests-share-0123456789';
const SCHEMA = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  directive @auth(requires: Access! = USER) on FIELD_DEFINITION | OBJECT
  enum Access { PUBLIC USER ADMIN SERVICE }
  type Query { shop: String! @auth(requires: PUBLIC) }
`;

let folder: string;
let app: FastifyInstance;
let looked = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'subgraph-'));
  const schema = path.join(folder, 'schema.graphql');
  await writeFile(schema, SCHEMA);
  const env = parseEnv(subgraphEnv, {
    NODE_ENV: 'test',
    ROUTER_SECRET: SECRET,
    HTTP_HEADERS_TIMEOUT_MS: '300',
    HTTP_REQUEST_TIMEOUT_MS: '600',
    HTTP_MAX_HEADERS: '20',
  });
  const { httpLimits } = subgraphConfig(
    { name: 'test', port: 0, databaseUrl: 'postgres://a:b@c/d' },
    env,
  );
  app = await makeSubgraphServer<RequestContext>({
    name: 'test',
    infrastructure: { log: makeLogger({ name: 'test', level: 'silent' }) },
    schema: pathToFileURL(schema),
    resolvers: { Query: { shop: () => 'Cartograph' } },
    makeContext: (request) => request,
    verifyToken: async () => {
      looked += 1;
      return null;
    },
    checkSession: async () => 'unknown',
    verifyCaller: makeCallerVerifier({ router: SECRET }),
    httpLimits,
    operationLimits: defaultLimits('subgraph'),
    checks: {},
    close: async () => {},
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const HEAD = 'POST /graphql HTTP/1.1\r\nHost: product:4002\r\nContent-Type: application/json\r\n';

describe('a subgraph', () => {
  it.each([
    ['headers', `${HEAD}X-Slow: `],
    ['a body', `${HEAD}Content-Length: 9999\r\n\r\n`],
  ])('ends %s that arrive too slowly, with 408', async (_what, beginning) => {
    const { status, body } = await sendSlowly(app, beginning, ' ');
    expect([status, body]).toEqual([408, expect.stringContaining('REQUEST_TIMEOUT')]);
  });

  it('refuses too many headers, with 431', async () => {
    const { status, body } = await sendRaw(
      app,
      `${HEAD}Connection: close\r\n${'a: b\r\n'.repeat(30)}\r\n`,
    );
    expect([status, body]).toEqual([431, expect.stringContaining('HEADERS_TOO_LARGE')]);
  });

  it.each(NOT_UTF8)('refuses a body with %s, signed or not', async (_what, bytes) => {
    const body = putBytes('{"query":"{ shop } #@"}', bytes);
    // A caller signs text: the text that these bytes would decode to.
    const signed = { audience: 'test', method: 'POST', path: '/graphql', body: body.toString() };
    for (const signature of [undefined, makeCallerSigner('router', SECRET)(signed)]) {
      const response = await app.inject({
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
    const { status, body } = await sendRaw(app, Buffer.from(head, 'latin1'));
    expect([status, body]).toEqual([400, expect.stringContaining('MALFORMED_REQUEST')]);
  });

  it.each([
    [4_089, 200],
    [4_090, 401],
  ])('verifies an access token of %i characters: %i', async (length, expected) => {
    looked = 0;
    const body = '{"query":"{ shop }"}';
    const sign = makeCallerSigner('router', SECRET);
    const response = await app.inject({
      method: 'POST',
      url: '/graphql',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${'a'.repeat(length)}`,
        [CALLER_HEADER]: sign({ audience: 'test', method: 'POST', path: '/graphql', body }),
      },
      payload: body,
    });
    expect([response.statusCode, looked]).toEqual([expected, expected === 200 ? 1 : 0]);
    if (expected === 401) expect(response.body).toContain('UNAUTHENTICATED');
  });

  it('refuses invalid JSON in the format of its other errors', async () => {
    const sign = makeCallerSigner('router', SECRET);
    for (const payload of ['{', '\ufeff{}', '{"query":"{ shop }"']) {
      const signed = { audience: 'test', method: 'POST', path: '/graphql', body: payload };
      const headers = { 'content-type': 'application/json', [CALLER_HEADER]: sign(signed) };
      const response = await app.inject({ method: 'POST', url: '/graphql', headers, payload });
      expect([response.statusCode, response.body]).toEqual([
        400,
        expect.stringContaining('MALFORMED_REQUEST'),
      ]);
    }
  });
});
