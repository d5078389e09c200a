import type { Prisma } from './generated/client.ts';

/** The durable work of the order service, and what each piece is told. */
export type Jobs = {
  /** Finds out what became of an order that waits. */
  resolve_order: { readonly orderId: string };
  /** Makes the stock of an order follow its status. */
  settle_order: { readonly orderId: string };
  /** Gives back what an attempt took. */
  refund_payment: { readonly orderId: string; readonly attempt: number };
};

export type JobName = keyof Jobs;

/**
 * Stores a job in the transaction of its cause: both are there, or neither.
 * @param key of the jobs with one key one waits at a time, at the time of the first
 * @param restSeconds before which it is not due, whatever `runAt` says: by the database's clock,
 *   as workers take jobs. Ours may be behind
 */
export const planJob = async <Name extends JobName>(
  tx: Prisma.TransactionClient,
  name: Name,
  payload: Jobs[Name],
  runAt: Date,
  key: string | null = null,
  restSeconds: number | null = null,
): Promise<void> => {
  await tx.$executeRaw`
    SELECT graphile_worker.add_job(
      identifier => ${name}::text,
      payload => ${JSON.stringify(payload)}::json,
      -- Without a rest the second is null, which is never the greatest.
      run_at => greatest(${runAt}::timestamptz, now() + make_interval(secs => ${restSeconds}::float8)),
      job_key => ${key}::text,
      job_key_mode => 'preserve_run_at'
    )`;
};
