import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { makeKnownOperations } from './known-operations.ts';

const PAGE = { id: 'a'.repeat(64), name: 'Page', type: 'query', body: 'query Page { a }' } as const;
const REGISTERED = 'b'.repeat(64);
const LOGIN = 'mutation { login }';

const operations = makeKnownOperations([PAGE]);
await operations.store.set(`apq:${REGISTERED}`, LOGIN);

const extensionsOf = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

const post = (body: unknown) => ({ method: 'POST', url: '/graphql', body }) as FastifyRequest;

const get = (parameters: Record<string, string>) =>
  ({ method: 'GET', url: `/graphql?${new URLSearchParams(parameters)}` }) as FastifyRequest;

describe('the text that is executed for a request', () => {
  it.each([
    ['its own', post({ query: '{ b }', extensions: extensionsOf(PAGE.id) }), '{ b }'],
    ['that of a manifest', post({ extensions: extensionsOf(PAGE.id) }), PAGE.body],
    ['that of a manifest', get({ extensions: JSON.stringify(extensionsOf(PAGE.id)) }), PAGE.body],
    ['a registered one', post({ extensions: extensionsOf(REGISTERED) }), LOGIN],
    ['a registered one', get({ extensions: JSON.stringify(extensionsOf(REGISTERED)) }), LOGIN],
    ['none', post({ extensions: extensionsOf('c'.repeat(64)) }), undefined],
    ['none', post(null), undefined],
    ['none', get({}), undefined],
  ])('is %s: %j', (_, request, text) => {
    expect(operations.textOf(request)).toBe(text);
  });

  it.each([null, 0, false, 7, {}, ['{ b }']])('is that of the id when query is %j', (query) => {
    const request = post({ query, extensions: extensionsOf(PAGE.id) });
    expect(operations.textOf(request)).toBe(PAGE.body);
    expect(operations.find(request)).toBe(PAGE);
  });
});
