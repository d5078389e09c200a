import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLogger } from '@cartograph/logging';
import { startHttpServer, TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../src/config.ts';
import { MAX_MANIFEST_BYTES, readManifests } from '../src/read-manifests.ts';
import { makeServer } from '../src/server.ts';

const CLIENT = fileURLToPath(
  new URL('../../../libs/client/persisted-operations.json', import.meta.url),
);
const REST = fileURLToPath(new URL('../../rest/persisted-operations.json', import.meta.url));

type Operation = { readonly id: string; readonly name: string; readonly body: string };

const operationsIn = (file: string): readonly Operation[] =>
  (JSON.parse(readFileSync(file, 'utf8')) as { operations: Operation[] }).operations;

const named = (file: string, name: string): Operation => {
  const found = operationsIn(file).find((operation) => operation.name === name);
  if (!found) throw new Error(`${file} has no ${name}`);
  return found;
};

const PRODUCT = named(CLIENT, 'Product');
const VARIABLES = { sku: 'LAMP' };
const OTHER = '{ product(sku: "LAMP") { sku } }';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const byId = (sha256Hash: string) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash } },
});

let asked = 0;
let subgraph: { readonly origin: string; readonly close: () => Promise<void> };
let open: FastifyInstance;
let safe: FastifyInstance;
const logged: Record<string, unknown>[] = [];

beforeAll(async () => {
  subgraph = await startHttpServer((request, response) => {
    asked += 1;
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: { product: null } }));
    });
  });
  const url = `${subgraph.origin}/graphql`;
  const log = makeLogger(
    { name: 'test', level: 'info' },
    { write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const start = (env: object, infrastructure = testInfrastructure()) =>
    makeServer({
      config: readConfig({
        NODE_ENV: 'test',
        ROUTER_SECRET: TEST_SECRET,
        USER_URL: url,
        PRODUCT_URL: url,
        ORDER_URL: url,
        PAYMENT_URL: url,
        PERSISTED_OPERATIONS: `${CLIENT}, ${REST}`,
        ...env,
      }),
      ...infrastructure,
    });
  open = await start({});
  safe = await start({ SAFELIST: 'true' }, { log });
});

afterAll(async () => {
  await Promise.all([open.close(), safe.close(), subgraph.close()]);
});

const post = (app: FastifyInstance, payload: object, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/graphql', payload, headers });

const get = (app: FastifyInstance, search: string) =>
  app.inject({ url: `/graphql?${search}`, headers: { 'apollo-require-preflight': 'true' } });

const NO_PRODUCT = { data: { product: null } };

describe('a router with manifests', () => {
  it('executes an operation by its id, which no client has registered', async () => {
    for (const app of [open, safe]) {
      const request = { ...byId(PRODUCT.id), variables: VARIABLES };
      expect((await post(app, request)).json()).toEqual(NO_PRODUCT);
      const search = new URLSearchParams({
        variables: JSON.stringify(VARIABLES),
        extensions: JSON.stringify(request.extensions),
      });
      expect((await get(app, search.toString())).json()).toEqual(NO_PRODUCT);
    }
  });

  it('registers other operations as before', async () => {
    const id = byId(hashOf(OTHER));
    const code = (response: { json: () => unknown }) => response.json();
    expect(code(await post(open, id))).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    expect(code(await post(open, { ...id, query: OTHER }))).toEqual(NO_PRODUCT);
    expect(code(await post(open, id))).toEqual(NO_PRODUCT);
  });
});

const REFUSED: readonly (readonly [string, object])[] = [
  ['another text', { query: OTHER }],
  ['a text that differs by a space', { query: `${PRODUCT.body} `, variables: VARIABLES }],
  // Not even parsed: that would be GRAPHQL_PARSE_FAILED.
  ['what is no GraphQL', { query: '{'.repeat(60_000) }],
  ['a text above all limits', { query: `{ ${'a '.repeat(100_000)}}` }],
  ['introspection', { query: '{ __schema { types { name } } }' }],
  ['a text that registers itself', { ...byId(hashOf(OTHER)), query: OTHER }],
  ['a text with the id of another', { ...byId(PRODUCT.id), query: OTHER }],
  ['several requests', [{ query: PRODUCT.body }]],
  ['no operation', {}],
  ['an empty text', { ...byId(PRODUCT.id), query: '' }],
];

describe('a router with a safelist', () => {
  it('executes the texts of both manifests', async () => {
    const rest = named(REST, 'GetProductBySku');
    for (const { body } of [PRODUCT, rest]) {
      expect((await post(safe, { query: body, variables: VARIABLES })).json()).toEqual(NO_PRODUCT);
    }
  });

  it.each(REFUSED)('refuses %s, and asks no subgraph', async (_what, payload) => {
    const before = asked;
    const response = await post(safe, payload);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toEqual({
      errors: [
        {
          message: 'This server takes only the operations of its manifests.',
          extensions: { code: 'PERSISTED_QUERY_NOT_ALLOWED' },
        },
      ],
    });
    expect(asked).toBe(before);
  });

  it.each([
    `query=${encodeURIComponent(PRODUCT.body)}&query=${encodeURIComponent(OTHER)}`,
    `query=${encodeURIComponent(OTHER)}`,
    'query=',
    '',
  ])('refuses the GET ?%.40s', async (search) => {
    const before = asked;
    expect((await get(safe, search)).json()).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_ALLOWED' } }],
    });
    expect(asked).toBe(before);
  });

  it('says of an unknown id that it is of another version of the manifest', async () => {
    const response = await post(safe, byId(hashOf('of yesterday')));
    const message = expect.stringMatching(/\d+ operations, [0-9a-f]{12}\).*another version/);
    expect(response.json()).toMatchObject({
      errors: [{ message, extensions: { code: 'PERSISTED_QUERY_NOT_ALLOWED' } }],
    });
  });

  it('has no explorers', async () => {
    expect((await safe.inject('/graphiql')).statusCode).toBe(404);
    const page = await safe.inject({ url: '/graphql', headers: { accept: 'text/html' } });
    expect(page.statusCode).toBe(400);
  });

  it('logs the client and the operation of each request, within bounds', async () => {
    logged.length = 0;
    const headers = {
      'apollographql-client-name': 'n'.repeat(1_000),
      'apollographql-client-version': '1.2.3',
    };
    await post(safe, { ...byId(PRODUCT.id), variables: VARIABLES }, headers);
    await post(safe, { query: OTHER, operationName: 'not a name' });
    const lines = logged.filter(({ msg }) => msg === 'request answered');
    expect(lines).toMatchObject([
      { client_name: 'n'.repeat(64), client_version: '1.2.3', operation: 'Product' },
      { status: 400 },
    ]);
    expect(lines[1]).not.toHaveProperty('operation');
  });
});

describe('a manifest', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cartograph-manifest-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const manifest = (change: object = {}) =>
    JSON.stringify({
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ id: hashOf('{ a }'), name: 'A', type: 'query', body: '{ a }' }],
      ...change,
    });

  const read = (text: string) => {
    const file = path.join(folder, 'manifest.json');
    writeFileSync(file, text);
    return readManifests([file]);
  };

  it('of another tool is read', async () => {
    expect(await read(manifest())).toMatchObject([{ name: 'A', body: '{ a }' }]);
  });

  it.each([
    ['{', 'is not JSON.'],
    ['[]', 'is not a manifest of Apollo persisted queries.'],
    [manifest({ version: 2 }), 'is a manifest of version 2, and the router reads version 1.'],
    [manifest({ operations: [{ id: 7 }] }), 'is not valid at operations.0.id.'],
    [
      manifest({ operations: [{ id: hashOf('{ b }'), name: 'A', type: 'query', body: '{ a }' }] }),
      'has an id that is not the SHA-256 of its body: A.',
    ],
    [' '.repeat(MAX_MANIFEST_BYTES + 1), `has ${MAX_MANIFEST_BYTES + 1} bytes, and`],
  ])('that is not good stops the start: %.40s', async (text, sentence) => {
    await expect(read(text)).rejects.toMatchObject({ name: 'ConfigError' });
    await expect(read(text)).rejects.toThrow(sentence);
  });

  it('that does not exist stops the start', async () => {
    const reading = readManifests([path.join(folder, 'nothing.json')]);
    await expect(reading).rejects.toThrow('nothing.json cannot be read (ENOENT).');
  });

  it('is needed for a safelist', () => {
    const env = { NODE_ENV: 'test', ROUTER_SECRET: TEST_SECRET, SAFELIST: 'true' };
    expect(() => readConfig(env)).toThrow('SAFELIST=true needs at least one manifest');
  });
});
