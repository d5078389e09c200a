import { eventually } from '@cartograph/testing';
import type { OldTask, OldWorld } from './old-world.ts';

/** An order that was in progress when the services were stopped, and how it must end. */
export type OldOrder = {
  readonly what: string;
  readonly id: string;
  /** The status with the reason of a cancellation. */
  readonly ends: string;
};

const CONFIRMED = 'CONFIRMED';
const BY_CUSTOMER = 'CANCELLED CUSTOMER_REQUEST';
const DECLINED = 'CANCELLED PAYMENT_FAILED';
const EXPIRED = 'CANCELLED EXPIRED';

const ALL_TASKS: readonly OldTask[] = [
  'settle_order',
  'refund_payment',
  'tell_order',
  'request_refund',
  'process_event',
  'deliver_webhook',
];

/** In minor units. */
const PARTIAL_REFUND = 100;

/** Orders in every state that 94e3a95 knows, each as its services wrote it. */
export const makeOldOrders = async (world: OldWorld): Promise<readonly OldOrder[]> => {
  const { databases, productId, send, runJobs, stopJobs, killDuring } = world;
  const { order: orders, payment: payments, product: products } = databases;
  const made: OldOrder[] = [];

  const create = async (what: string, ends: string): Promise<string> => {
    const items = [{ productId, quantity: 1 + (made.length % 3) }];
    const id = await eventually(async () => {
      const result = await send('createOrder', { items });
      if (!result?.id) throw new Error(`no order: ${JSON.stringify(result)}`);
      return result.id;
    });
    made.push({ what, id, ends });
    return id;
  };
  const pay = (orderId: string, paymentMethod = 'sim_success') =>
    send('payOrder', { orderId, paymentMethod });
  const createAndPay = async (what: string, ends: string, method?: string): Promise<string> => {
    const id = await create(what, ends);
    await pay(id, method);
    return id;
  };
  /** Waits until a query finds something. */
  const until = async (database: typeof orders, sql: string, id: string): Promise<void> => {
    await eventually(async () => {
      const rows = await database.query(sql, [id]);
      if (rows.length === 0) throw new Error(`not found: ${sql} ${id}`);
    }, 60_000);
  };
  const findPayment = async (orderId: string): Promise<string> => {
    const [row] = await payments.query<{ id: string }>(
      'SELECT id::text FROM payments WHERE order_id = $1::uuid',
      [orderId],
    );
    if (!row) throw new Error(`order ${orderId} has no payment`);
    return row.id;
  };
  /** Settles a late charge now; the jobs that deliver its webhooks are about the order's id. */
  const settleCharge = async (orderId: string): Promise<void> => {
    await payments.query(
      `UPDATE simulator_charges SET succeeds_at = now() WHERE starts_with(idempotency_key, $1)`,
      [orderId],
    );
  };

  // Finished orders, with what remains of them.
  const done = await createAndPay('paid', CONFIRMED);
  await runJobs(ALL_TASKS, done);
  await stopJobs();
  await createAndPay('declined', DECLINED, 'sim_decline');
  await create('created', EXPIRED);
  const cancelled = await create('cancelled', BY_CUSTOMER);
  await send('cancelOrder', { orderId: cancelled });

  // Payments that the provider has not settled, or about which the shop knows nothing.
  await createAndPay('pending, succeeds', CONFIRMED, 'sim_late_success');
  await createAndPay('pending, is declined', DECLINED, 'sim_late_decline');
  await createAndPay('declined, captured later', DECLINED, 'sim_decline_then_success');
  await createAndPay('the provider did not respond', CONFIRMED, 'sim_timeout');
  await createAndPay('the provider failed', CONFIRMED, 'sim_error_then_success');
  const owed = await createAndPay('pending, cancelled', BY_CUSTOMER, 'sim_late_success');
  await send('cancelOrder', { orderId: owed });

  // Requests that a killed process left unfinished.
  const noCall = await create('payment started, not requested', EXPIRED);
  await killDuring(/CreatePaymentIntent #1 order dies before/, () => pay(noCall));
  const noCharge = await create('payment stored, not charged', CONFIRMED);
  await killDuring(/payment: commit insert payments.* after/, () => pay(noCharge));
  const noResult = await create('charged, not settled', CONFIRMED);
  await killDuring(/payment: commit insert simulator_charges.* after/, () => pay(noResult));
  const notTold = await create('settled, the order not told', CONFIRMED);
  await killDuring(/payment: commit update payments.* after/, () => pay(notTold));
  const notCommitted = await create('confirmed, stock not committed', CONFIRMED);
  await killDuring(/CommitReservation #1 order dies before/, () => pay(notCommitted));
  const notReleased = await create('cancelled, stock not released', BY_CUSTOMER);
  await killDuring(/ReleaseReservation #1 product dies before/, () =>
    send('cancelOrder', { orderId: notReleased }),
  );
  await killDuring(/ReserveStock #1 product dies after/, () =>
    send('createOrder', { items: [{ productId, quantity: 7 }] }),
  );

  // Webhooks and refunds.
  const webhook = await createAndPay(
    'webhook stored, not processed',
    CONFIRMED,
    'sim_late_success',
  );
  await settleCharge(webhook);
  await runJobs(['deliver_webhook'], webhook);
  await until(
    payments,
    `SELECT FROM provider_events WHERE starts_with(charge_key, $1) AND processed_at IS NULL`,
    webhook,
  );
  await stopJobs();
  const makeOwed = async (what: string, tasks: readonly OldTask[]): Promise<string> => {
    const id = await createAndPay(what, BY_CUSTOMER, 'sim_late_success');
    await send('cancelOrder', { orderId: id });
    await settleCharge(id);
    await runJobs(['ask_provider', 'tell_order', ...tasks], await findPayment(id));
    return id;
  };
  const owedByOrder = await makeOwed('refund owed, not requested', []);
  await until(
    orders,
    `SELECT FROM order_history WHERE order_id = $1::uuid AND event = 'REFUND_REQUESTED'`,
    owedByOrder,
  );
  await stopJobs();
  await killDuring(/payment: commit .*insert refunds.* after/, () =>
    makeOwed('refund stored, not made', ['refund_payment']),
  );
  const refunded = await createAndPay('refund of an administrator, not made', CONFIRMED);
  const refund = {
    paymentId: await findPayment(refunded),
    amount: PARTIAL_REFUND,
    reason: 'goodwill',
  };
  await killDuring(/payment: commit .*insert refunds.* after/, () => send('refundPayment', refund));

  // Jobs that fail, one of them for so long that it is dead-lettered.
  const failing = await create('confirmed, stock not committed, tried again', CONFIRMED);
  const dead = await create('confirmed, stock not committed, dead-lettered', CONFIRMED);
  await products.query('ALTER TABLE reservations RENAME TO reservations_away');
  await pay(failing);
  await pay(dead);
  await orders.query(
    `UPDATE graphile_worker._private_jobs SET created_at = now() - interval '13 hours'
     WHERE payload->>'orderId' = $1`,
    [dead],
  );
  await runJobs(['settle_order'], failing);
  await runJobs(['settle_order'], dead);
  const JOB = `SELECT FROM graphile_worker._private_jobs JOIN graphile_worker._private_tasks AS tasks
    ON tasks.id = task_id WHERE identifier = 'settle_order' AND payload->>'orderId' = $1`;
  await until(orders, `${JOB} AND attempts >= 2 AND last_error IS NOT NULL`, failing);
  await until(orders, `${JOB} AND attempts >= max_attempts AND locked_at IS NULL`, dead);
  await stopJobs();
  await products.query('ALTER TABLE reservations_away RENAME TO reservations');
  return made;
};
