import { eventually } from '@cartograph/testing';
import type { Sandbox } from './open-sandbox.ts';
import { inEachDatabase, readPendingWork, reschedule, type WorkKind } from './pending-work.ts';

/**
 * Waits until nothing is found.
 * @param push called immediately, and then about every second
 */
export const untilNone = async (
  find: () => Promise<readonly unknown[]>,
  push: () => Promise<unknown>,
  timeoutMs = 120_000,
): Promise<void> => {
  let tries = 0;
  await eventually(async () => {
    if (tries++ % 20 === 0) await push();
    const left = await find();
    if (left.length > 0) throw new Error(`left: ${JSON.stringify(left.slice(0, 20))}`);
  }, timeoutMs);
};

/** Work that ends. Checks of declines and debts continue for hours: only those that are due must run. */
const ENDING: readonly WorkKind[] = [
  'check order',
  'finish order',
  'check payment',
  'finish payment',
  'deliver webhook',
];

/** Does all work now, until none is left and no payment or refund is pending. */
export const drain = async (sandbox: Sandbox): Promise<void> => {
  const find = async () => {
    const [work, pending] = await Promise.all([
      readPendingWork(sandbox),
      sandbox.databases.payment.query(
        `SELECT id FROM payments WHERE status = 'PROCESSING'
         UNION ALL SELECT id FROM refunds WHERE status = 'PROCESSING'`,
      ),
    ]);
    const isLeft = work.filter(({ kind, state }) => ENDING.includes(kind) || state !== 'waits');
    return [...isLeft, ...pending];
  };
  await untilNone(find, () => reschedule(sandbox, ENDING, 'now'));
};

/** Waits until all events so far are published, and consumed where there is an inbox. */
export const deliverEvents = (sandbox: Pick<Sandbox, 'databases'>): Promise<void> =>
  untilNone(
    () =>
      inEachDatabase(sandbox, (database, { hasInbox, publishedColumns }) =>
        database.query(
          `SELECT 1 FROM events
           WHERE ${publishedColumns.map((column) => `${column} IS NULL`).join(' OR ')}
           ${hasInbox ? 'UNION ALL SELECT 1 FROM event_inbox WHERE consumed_at IS NULL' : ''}`,
        ),
      ),
    async () => undefined,
  );
