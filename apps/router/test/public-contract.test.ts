import { readFileSync } from 'node:fs';
import { TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import {
  buildSchema,
  findBreakingChanges,
  Kind,
  parse,
  print,
  validateSchema,
  visit,
  type DefinitionNode,
} from 'graphql';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

const sdl = read('public.graphql');
const contract = buildSchema(sdl);
const definitions = new Map(
  parse(sdl).definitions.flatMap((node) =>
    'name' in node && node.name ? [[node.name.value, node] as const] : [],
  ),
);

/** The types that a definition names. */
const namesIn = (definition: DefinitionNode): readonly string[] => {
  const names: string[] = [];
  visit(definition, { NamedType: ({ name }) => void names.push(name.value) });
  return names;
};

/** The coordinates of the fields of the supergraph whose rule is one of these. */
const fieldsThatRequire = (...rights: readonly string[]): readonly string[] =>
  parse(read('supergraph.graphql')).definitions.flatMap((type) =>
    type.kind === Kind.OBJECT_TYPE_DEFINITION
      ? (type.fields ?? [])
          .filter(({ directives = [] }) =>
            directives.some(
              (directive) =>
                directive.name.value === 'auth' &&
                rights.some((right) => print(directive).includes(`requires: ${right}`)),
            ),
          )
          .map(({ name }) => `${type.name.value}.${name.value}`)
      : [],
  );

const hasField = (coordinate: string): boolean => {
  const [typeName = '', field = ''] = coordinate.split('.');
  const type = contract.getType(typeName);
  return type !== undefined && 'getFields' in type && field in type.getFields();
};

describe('the public contract', () => {
  it('is a schema, in which each type and field has a description', () => {
    expect(validateSchema(contract)).toEqual([]);
    const types = Object.values(contract.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
    expect(types.length).toBeGreaterThan(50);
    for (const type of types) {
      expect([type.name, type.description]).toEqual([type.name, expect.any(String)]);
      for (const field of 'getFields' in type ? Object.values(type.getFields()) : []) {
        expect([type.name, field.name, field.description]).toEqual([
          type.name,
          field.name,
          expect.any(String),
        ]);
      }
    }
  });

  it('has nothing for administrators, services or payment providers', () => {
    const hidden = [...fieldsThatRequire('ADMIN', 'SERVICE'), 'Mutation.recordPaymentEvent'];
    expect(hidden).toEqual(
      expect.arrayContaining(['Query.orders', 'Mutation.createProduct', 'Mutation.reserveStock']),
    );
    expect(hidden.filter(hasField)).toEqual([]);
  });

  it('has everything for customers', () => {
    const shown = fieldsThatRequire('PUBLIC', 'USER');
    expect(shown.length).toBeGreaterThan(15);
    const missing = shown.filter((coordinate) => !hasField(coordinate));
    expect(missing).toEqual(['Mutation.recordPaymentEvent']);
  });

  it('has no type that nothing leads to', () => {
    const reached = new Set(['Query', 'Mutation']);
    for (const name of reached) {
      const definition = definitions.get(name);
      for (const named of definition ? namesIn(definition) : []) reached.add(named);
    }
    expect([...definitions.keys()].filter((name) => !reached.has(name))).toEqual([]);
  });

  it('has only what the router has: an operation that is valid by it is valid there', () => {
    expect(findBreakingChanges(contract, buildSchema(read('api.graphql')))).toEqual([]);
  });
});

describe('the router in production', () => {
  let app: FastifyInstance;

  beforeAll(async () => {
    app = await makeServer({
      config: readConfig({ NODE_ENV: 'production', ROUTER_SECRET: TEST_SECRET }),
      ...testInfrastructure(),
    });
  });

  afterAll(() => app.close());

  const send = (method: 'GET' | 'HEAD' | 'POST', headers: Record<string, string> = {}) =>
    app.inject({ method, url: '/schema.graphql', headers });

  it('serves the public contract as text, for caches, although it has no introspection', async () => {
    const { statusCode, headers, body } = await send('GET');
    expect([statusCode, body]).toEqual([200, sdl]);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'max-age=300, public',
      etag: expect.stringMatching(/^"[\w-]{22}"$/),
    });
    const query = '{ __schema { queryType { name } } }';
    const introspection = await app.inject({
      method: 'POST',
      url: '/graphql',
      payload: { query },
    });
    expect(introspection.statusCode).toBe(400);
  });

  it('sends no body to a client that has it, and none for HEAD', async () => {
    const { headers } = await send('GET');
    const etag = String(headers.etag);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await send('GET', { 'if-none-match': known });
      expect([response.statusCode, response.body, response.headers.etag]).toEqual([304, '', etag]);
      expect(response.headers['cache-control']).toBe('max-age=300, public');
    }
    expect((await send('GET', { 'if-none-match': '"other"' })).statusCode).toBe(200);
    const current = await send('HEAD', { 'if-none-match': '*' });
    expect([current.statusCode, current.headers['content-length']]).toEqual([304, undefined]);
    const head = await send('HEAD');
    expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([
      200,
      '',
      String(Buffer.byteLength(sdl)),
    ]);
  });

  it('refuses other methods, and says which there are', async () => {
    const { statusCode, headers, body } = await send('POST');
    expect([statusCode, headers.allow]).toEqual([405, 'GET, HEAD']);
    expect(JSON.parse(body)).toMatchObject({
      errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }],
    });
  });
});
