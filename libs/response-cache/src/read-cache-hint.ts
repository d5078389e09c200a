import { LRUCache } from 'lru-cache';

/** For how many seconds, and for whom, a response may be cached. */
export type CacheHint = { readonly maxAge: number; readonly scope: 'PUBLIC' | 'PRIVATE' };

const NO_STORE: CacheHint = { maxAge: 0, scope: 'PRIVATE' };

/** A service sends some different values, with each response. */
const hints = new LRUCache<string, CacheHint>({ max: 100 });

const MAX_AGE = /^max-age=(\d{1,9})$/;

/**
 * Reads the `Cache-Control` of a response (RFC 9111, section 5.2.2). Only a response that
 * is public and has an age may be cached; with any other directive, or no header, it may not.
 */
export const readCacheHint = (header: string | string[] | undefined): CacheHint => {
  const text = String(header ?? '');
  const known = hints.get(text);
  if (known) return known;
  const hint = parseHint(text);
  hints.set(text, hint);
  return hint;
};

const parseHint = (header: string): CacheHint => {
  const directives = header
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim());
  const [age, ...others] = directives.filter((directive) => directive !== 'public');
  const maxAge = MAX_AGE.exec(age ?? '')?.[1];
  const isPublic = directives.includes('public') && others.length === 0;
  return isPublic && maxAge !== undefined ? { maxAge: Number(maxAge), scope: 'PUBLIC' } : NO_STORE;
};
