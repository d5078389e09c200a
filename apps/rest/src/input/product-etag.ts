import { Refusal } from '../problems/refusal.ts';

const VERSION = /^(?:W\/)?"?(\d{1,10})(?:-[\w-]+)?"?$/;
const MAX_VERSION = 2_147_483_647;

/**
 * The entity tag of a product. The version does not count what is sold, so it alone would not tell
 * a page with old stock from a new one.
 */
export const makeProductEtag = (product: {
  readonly version: number;
  readonly stock: number;
  readonly updatedAt: string;
}): string => {
  const { version, stock, updatedAt } = product;
  return `"${version}-${stock}-${Date.parse(updatedAt).toString(36)}"`;
};

/**
 * Reads the version that a change is made to out of If-Match: `3`, `"3"` or a whole entity tag of
 * ours. Stock is left out on purpose: a sale in the meantime is no reason to refuse a new name.
 * @throws Refusal VALIDATION_FAILED when it holds no version
 */
export const readVersion = (ifMatch: string): number => {
  const version = Number(VERSION.exec(ifMatch.trim())?.[1]);
  if (version <= MAX_VERSION) return version;
  const message = 'must be the version of the product, such as "3"';
  throw new Refusal('VALIDATION_FAILED', { errors: [{ field: 'If-Match', message }] });
};
