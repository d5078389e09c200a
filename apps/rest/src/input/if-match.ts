import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../problems/problem-error.ts';

/** The last version that a product can have: a change to it matches none. */
const NO_VERSION = 2_147_483_647;

/** RFC 9110, section 8.8.3: an entity tag, with its parts. */
const TAG = /^(W\/)?"([\u0021\u0023-\u007e\u0080-\u00ff]*)"$/;

/** Commas separate tags; a tag may contain commas. An element may be empty: RFC 9110, section 5.6.1.2. */
const LIST = /\s*(?:((?:W\/)?"[^"]*")\s*)?(?:,|$)/y;

/** A version as a number without quotes. */
const NUMBER = /^\d{1,10}$/;

/** The tag of a version alone, without the rest of an ETag. Tags are compared as text: `03` is not `3`. */
const VERSION = /^[1-9]\d{0,9}$/;

/** What a compressed response adds to the entity tag. */
const CODING = /-(?:br|gzip)$/;

/** What a change was made to: any product, or one that has one of these opaque tags. */
export type IfMatch = '*' | readonly string[];

/** A change without a version could overwrite another administrator's change. */
export const requireVersion = async (request: Pick<FastifyRequest, 'headers'>): Promise<void> => {
  if (request.headers['if-match'] === undefined) throw new ProblemError('PRECONDITION_REQUIRED');
};

const readList = (text: string): readonly string[] | null => {
  const tags: string[] = [];
  LIST.lastIndex = 0;
  while (LIST.lastIndex < text.length) {
    const element = LIST.exec(text);
    if (!element) return null;
    if (element[1] !== undefined) tags.push(element[1]);
  }
  return tags.length > 0 ? tags : null;
};

/**
 * Reads If-Match: `*`, entity tags, or the version as a number without quotes. Weak tags never match
 * (RFC 9110, section 13.1.1), so they are left out.
 * @throws ProblemError VALIDATION_FAILED when it is none of these
 */
export const readIfMatch = (header: string): IfMatch => {
  const text = header.trim();
  if (text === '*') return '*';
  if (NUMBER.test(text)) return [text];
  const tags = readList(text)?.map((tag) => TAG.exec(tag)) ?? null;
  if (!tags || tags.includes(null)) {
    const message = 'must be the version of the product, such as "3", its ETag, or *';
    throw new ProblemError('VALIDATION_FAILED', { errors: [{ field: 'If-Match', message }] });
  }
  return tags.flatMap((tag) => (tag?.[1] === undefined ? [tag?.[2] ?? ''] : []));
};

/** The product as it is now: its version, and its ETag without quotes. */
export type Current = { readonly version: number; readonly tag: string };

/**
 * The version for a change: the graph checks that the product still has it. Only what is more than one
 * version is compared with the product as it is now: a tag of a version alone ignores sales.
 * @param findCurrent reads the product; null when there is none
 * @returns a version that no product has, when nothing matches: the graph then answers who may not change
 * it, that it is not there, or VERSION_CONFLICT, in this order
 */
export const toVersion = async (
  ifMatch: IfMatch,
  findCurrent: () => Promise<Current | null>,
): Promise<number> => {
  const [only] = ifMatch;
  if (ifMatch !== '*' && ifMatch.length === 1 && only !== undefined && VERSION.test(only)) {
    return Math.min(Number(only), NO_VERSION);
  }
  if (ifMatch.length === 0) return NO_VERSION;
  const current = await findCurrent();
  if (!current) return NO_VERSION;
  const { version, tag } = current;
  const isCurrent = (one: string): boolean =>
    one === String(version) || one === tag || one.replace(CODING, '') === tag;
  const matches = ifMatch === '*' || ifMatch.some(isCurrent);
  return matches ? version : NO_VERSION;
};
