import { addJob, type NewJob, type Transaction } from '@cartograph/jobs';

/** The durable work of the order service, with the payload of each job. */
export type Jobs = {
  /** Checks the payment of a pending order, and whether the order has expired. */
  resolve_order: { readonly orderId: string };
  /** Makes the stock of an order follow its status. */
  settle_order: { readonly orderId: string };
  /** Refunds a payment attempt in full. */
  refund_payment: { readonly orderId: string; readonly attempt: number };
};

export type JobName = keyof Jobs;

/** Stores a job of this service; see addJob. */
export const planJob = <Name extends JobName>(
  tx: Transaction,
  name: Name,
  payload: Jobs[Name],
  options: Pick<NewJob, 'runAt' | 'key' | 'restSeconds'>,
): Promise<void> => addJob(tx, { name, payload, ...options });
