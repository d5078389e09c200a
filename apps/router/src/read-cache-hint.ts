/** What one answer allows those who keep answers: for how many seconds, and for whom. */
export type CacheHint = { readonly maxAge: number; readonly scope: 'PUBLIC' | 'PRIVATE' };

const NO_STORE: CacheHint = { maxAge: 0, scope: 'PRIVATE' };

const MAX_AGE = /^max-age=(\d{1,9})$/;

/**
 * Reads the `Cache-Control` of a subgraph's answer (RFC 9111, section 5.2.2). Only what is said to
 * be public and to have an age may be kept; no header, or one that says anything else as well
 * (`no-store`, `no-cache`), is none.
 */
export const readCacheHint = (header: string | string[] | undefined): CacheHint => {
  const directives = String(header ?? '')
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim());
  const [age, ...others] = directives.filter((directive) => directive !== 'public');
  const maxAge = MAX_AGE.exec(age ?? '')?.[1];
  const isPublic = directives.includes('public') && others.length === 0;
  return isPublic && maxAge !== undefined ? { maxAge: Number(maxAge), scope: 'PUBLIC' } : NO_STORE;
};
