// What graphql-cop, a scanner of GraphQL servers, looks for: its 13 checks, as they are in production.
import { TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

let production: FastifyInstance;

beforeAll(async () => {
  production = await makeServer({
    config: readConfig({ NODE_ENV: 'production', ROUTER_SECRET: TEST_SECRET }),
    ...testInfrastructure(),
  });
});

afterAll(() => production.close());

/** The longest response to an attack: what is refused is not worth more. */
const MAX_REFUSAL_BYTES = 1_000;

const post = (payload: object): InjectOptions => ({ method: 'POST', url: '/graphql', payload });

const query = (text: string): InjectOptions => post({ query: text });

const inSearch = (method: 'GET' | 'POST', text: string): InjectOptions => ({
  method,
  url: `/graphql?query=${encodeURIComponent(text)}`,
});

const repeat = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

const circular = (levels: number): string =>
  levels === 0 ? 'name' : `fields { type { ${circular(levels - 1)} } }`;

/** A request that is refused. */
type Refused = {
  readonly what: string;
  readonly request: InjectOptions;
  readonly code: string;
  /** What the response does not have. */
  readonly never?: RegExp;
};

const REFUSED: readonly Refused[] = [
  {
    what: 'aliases of one field',
    request: query(`{ ${repeat(101, (n) => `alias${n}: __typename`)} }`),
    code: 'OPERATION_TOO_LARGE',
  },
  {
    what: 'a batch of operations',
    request: post(Array.from({ length: 11 }, () => ({ query: '{ __typename }' }))),
    code: 'BAD_REQUEST',
  },
  {
    what: 'directives of one field',
    request: query(`{ __typename ${'@aa'.repeat(10)} }`),
    code: 'OPERATION_TOO_LARGE',
    never: /@aa/,
  },
  {
    what: 'types in types by introspection',
    request: query(`{ __schema { types { ${circular(4)} } } }`),
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    what: 'one field many times',
    request: query(`{ ${'__typename '.repeat(500)} }`),
    code: 'OPERATION_TOO_LARGE',
  },
  {
    what: 'introspection',
    request: query('{ __schema { types { name fields { name } } } }'),
    code: 'GRAPHQL_VALIDATION_FAILED',
    never: /Product/,
  },
  {
    what: 'a field with a typing mistake',
    request: query('{ __schema { directive } }'),
    code: 'GRAPHQL_VALIDATION_FAILED',
    never: /Did you mean|directives/,
  },
  {
    what: 'a mutation by GET',
    request: inSearch('GET', 'mutation { __typename }'),
    code: 'BAD_REQUEST',
  },
  {
    what: 'a query by GET, as a web page can send it',
    request: inSearch('GET', '{ __typename }'),
    code: 'BAD_REQUEST',
  },
  {
    what: 'a query in the address of a POST',
    request: inSearch('POST', '{ __typename }'),
    code: 'BAD_REQUEST',
  },
  {
    what: 'a query in a form',
    request: {
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ query: '{ __typename }' }).toString(),
    },
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    what: 'text that is no GraphQL',
    request: query('qwerty cop { abc }'),
    code: 'GRAPHQL_PARSE_FAILED',
  },
];

describe('the router in production', () => {
  it.each(REFUSED)(
    'refuses $what, and says no more than that',
    async ({ request, code, never }) => {
      const { statusCode, body } = await production.inject(request);
      expect(statusCode).toBeGreaterThanOrEqual(400);
      expect(statusCode).toBeLessThan(500);
      const { data, errors } = JSON.parse(body) as {
        data?: unknown;
        errors: { extensions: { code: string } }[];
      };
      expect(data).toBeUndefined();
      expect(errors.length).toBeLessThan(3);
      for (const { extensions } of errors) expect(extensions.code).toBe(code);
      if (never) expect(body).not.toMatch(never);
      expect(body).not.toMatch(/stacktrace|exception|tracing|node_modules/);
      expect(body.length).toBeLessThan(MAX_REFUSAL_BYTES);
    },
  );

  it.each(['/graphql', '/graphiql', '/playground', '/console', '/'])(
    'has no explorer at %s',
    async (url) => {
      const { statusCode, headers, body } = await production.inject({
        url,
        headers: { accept: 'text/html' },
      });
      expect(statusCode).toBeGreaterThanOrEqual(400);
      expect(headers['content-type']).toMatch(/json/);
      expect(body).not.toMatch(/graphiql|playground|sandbox|<html/i);
    },
  );

  it('sends no trace of an execution to any client', async () => {
    const headers = {
      'apollo-federation-include-trace': 'ftv1',
      'apollo-tracing': '1',
      'x-apollo-tracing': '1',
    };
    const request = { ...query('{ __typename }'), headers };
    expect((await production.inject(request)).json()).toEqual({ data: { __typename: 'Query' } });
  });
});
