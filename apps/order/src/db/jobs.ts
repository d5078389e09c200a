import type { Prisma } from './generated/client.ts';

/** The durable work of the order service, and what each piece is told. */
export type JobName = 'resolve_order' | 'settle_order';

/**
 * Stores a job in the transaction of its cause: both are there, or neither.
 * @param key of the jobs with one key one waits at a time, at the time of the first
 */
export const planJob = async (
  tx: Prisma.TransactionClient,
  name: JobName,
  orderId: string,
  runAt: Date,
  key: string | null = null,
): Promise<void> => {
  await tx.$executeRaw`
    SELECT graphile_worker.add_job(
      identifier => ${name}::text,
      payload => json_build_object('orderId', ${orderId}::text),
      run_at => ${runAt}::timestamptz,
      job_key => ${key}::text,
      job_key_mode => 'preserve_run_at'
    )`;
};
