import { describe, expect, it } from 'vitest';
import { readCacheKey } from './cache-key.ts';

const URL = '/graphql?query=%7Bcategories%7Bname%7D%7D';

const keyOf = (headers: Record<string, string>): string | null =>
  readCacheKey({ method: 'GET', url: URL, headers, bodyText: null });

describe('a GET', () => {
  it('has the same key with a header of its own and with the content type of JSON', () => {
    const key = keyOf({ 'apollo-require-preflight': 'true' });
    expect(key).toBe(`GET \n${URL}`);
    expect(keyOf({ 'x-apollo-operation-name': 'Categories' })).toBe(key);
    expect(keyOf({ 'content-type': 'application/json' })).toBe(key);
  });

  it.each([
    [{}],
    [{ 'apollo-require-preflight': '' }],
    [{ 'content-type': '' }],
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'text/plain', 'apollo-require-preflight': 'true' }],
    [{ 'content-type': 'application/json, text/plain' }],
    [{ 'content-type': 'application/json', authorization: 'Bearer token' }],
  ])('has no key with %j', (headers) => {
    expect(keyOf(headers)).toBeNull();
  });
});
