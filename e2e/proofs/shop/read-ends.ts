import { eventually } from '@cartograph/testing';
import type { Shop } from './open-shop.ts';

/** How an order ended, in the books of all who have any. */
export type End = {
  readonly status: string;
  readonly reason: string | null;
  readonly payment: string;
  readonly refunded: number;
  /** What the provider says that it holds, in minor units, and how many charges it knows. */
  readonly taken: number;
  readonly charges: number;
};

/** How orders ended, in the order of `ids`. */
export const readEnds = async ({ databases }: Shop, ids: readonly string[]): Promise<End[]> => {
  const orders = await databases.order.query<{ id: string; status: string; reason: string | null }>(
    'SELECT id, status, cancel_reason AS reason FROM orders WHERE id = ANY($1::uuid[])',
    [ids],
  );
  const payments = await databases.payment.query<
    { id: string; payment: string } & Pick<End, 'refunded' | 'taken' | 'charges'>
  >(
    `SELECT p.order_id AS id, p.status AS payment, p.refunded_cents::int AS refunded,
       coalesce(sum(c.amount_cents) FILTER (WHERE c.succeeds_at <= now()), 0)::int
         - coalesce(sum(r.given), 0)::int AS taken,
       count(c.reference)::int AS charges
     FROM payments p
     LEFT JOIN simulator_charges c ON split_part(c.idempotency_key, ':', 1) = p.order_id::text
     LEFT JOIN (
       SELECT charge_reference, sum(amount_cents) AS given FROM simulator_refunds
       WHERE failure_code IS NULL GROUP BY 1
     ) r ON r.charge_reference = c.reference
     WHERE p.order_id = ANY($1::uuid[]) GROUP BY p.id`,
    [ids],
  );
  return ids.map((id) => {
    const order = orders.find((row) => row.id === id);
    const payment = payments.find((row) => row.id === id);
    if (!order || !payment) throw new Error(`order ${id} is in no books`);
    const { status, reason } = order;
    return {
      status,
      reason,
      payment: payment.payment,
      refunded: payment.refunded,
      taken: payment.taken,
      charges: payment.charges,
    };
  });
};

const UNDONE = ['resolve_order', 'settle_order', 'refund_payment'];
const UNPAID = ['ask_provider', 'tell_order', 'request_refund', 'process_event', 'deliver_webhook'];

/** Lets time pass until no job is left and nothing is undecided. */
export const drain = async (shop: Shop): Promise<void> => {
  const { order, payment } = shop.databases;
  let looks = 0;
  await eventually(async () => {
    if (looks++ % 20 === 0) await shop.planJobs([...UNDONE, ...UNPAID], 'now');
    const count =
      'SELECT count(*)::int AS count FROM graphile_worker.jobs WHERE task_identifier = ANY($1)';
    const [[ours], [theirs], [watched], [open]] = await Promise.all([
      order.query<{ count: number }>(count, [UNDONE]),
      payment.query<{ count: number }>(count, [UNPAID]),
      // A decline goes on being watched; what counts is that nobody looks at one just now.
      payment.query<{ count: number }>(`${count} AND run_at <= now()`, [['watch_decline']]),
      payment.query<{ count: number }>(
        `SELECT (SELECT count(*) FROM payments WHERE status = 'PROCESSING')::int
           + (SELECT count(*) FROM refunds WHERE status = 'PROCESSING')::int AS count`,
      ),
    ]);
    const left = [ours, theirs, watched, open].map((row) => row?.count ?? 0);
    if (left.some((number) => number > 0)) throw new Error(`left undone: ${left.join(', ')}`);
  }, 120_000);
};
