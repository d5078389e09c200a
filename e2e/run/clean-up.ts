import { admin } from '../testkit/accounts.ts';
import { inParallel } from '../testkit/in-parallel.ts';
import { UNCACHED, type Product } from '../testkit/products.ts';
import type { Line, MadeEntry } from '../testkit/record.ts';
import { rest } from '../testkit/rest.ts';

const idsOf = (lines: readonly Line[], what: MadeEntry['what']): readonly string[] => [
  ...new Set(lines.flatMap((line) => (line.kind === 'made' && line.what === what ? line.id : []))),
];

/** Cancels an order that is not paid. @returns whether it was pending until now */
const cancel = async (token: string, id: string): Promise<boolean> => {
  const before = await rest('GET', `/v1/orders/${id}`, { token });
  if (before.body?.status !== 'PENDING') return false;
  const { status } = await rest('POST', `/v1/orders/${id}/cancel`, {
    token,
    body: { reason: 'end of e2e' },
  });
  return status === 200;
};

/** Sets the stock to 0 and hides the product. @returns the request that failed; null when it is done */
const archive = async (token: string, id: string): Promise<string | null> => {
  const path = `/v1/products/${id}`;
  const found = await rest('GET', path, { token, headers: UNCACHED });
  if (found.status === 404 || found.body?.archived_at) return null;
  let product = found.body as Product;
  if (product.stock > 0) {
    const body = { delta: -product.stock, reason: 'end of e2e' };
    const emptied = await rest('POST', `${path}/stock`, { token, body });
    if (emptied.status !== 200) return `${path}/stock: ${emptied.status}`;
    product = emptied.body as Product;
  }
  const headers = { 'if-match': `"${product.version}"` };
  const archived = await rest('POST', `${path}/archive`, { token, headers });
  return archived.status === 200 ? null : `${path}/archive: ${archived.status}`;
};

/** What is left of a run in a remote shop. */
export type CleanUp = {
  readonly sentences: readonly string[];
  /** Whether something stays that should not. */
  readonly isDirty: boolean;
};

/**
 * Removes what a run made, as far as an administrator can: cancels unpaid orders, and hides products.
 * @param lines what the run noted
 */
export const cleanUp = async (lines: readonly Line[]): Promise<CleanUp> => {
  const { token } = await admin();
  const orders = idsOf(lines, 'order');
  const products = idsOf(lines, 'product');
  let cancelled = 0;
  const failures: string[] = [];
  await inParallel(orders, async (id) => {
    if (await cancel(token, id)) cancelled += 1;
  });
  await inParallel(products, async (id) => {
    const failure = await archive(token, id);
    if (failure) failures.push(failure);
  });
  const accounts = idsOf(lines, 'account').length;
  return {
    isDirty: failures.length > 0,
    sentences: [
      `Cleaned up: ${cancelled} unpaid orders cancelled, ${products.length - failures.length} products without stock and archived, sessions signed out.`,
      `Stays, since a shop keeps its records: ${accounts} accounts (...@example.com), ${orders.length} orders that are paid or cancelled, with their simulated payments.`,
      ...failures.slice(0, 1).map((first) => `${failures.length} products stay: ${first}`),
    ],
  };
};
