import type { Prisma } from './generated/client.ts';

/** The durable work of the order service, and what each piece is told. */
export type JobName = 'resolve_order' | 'settle_order';

/**
 * Stores a job in the transaction of its cause: both are there, or neither.
 */
export const planJob = async (
  tx: Prisma.TransactionClient,
  name: JobName,
  orderId: string,
  runAt: Date,
): Promise<void> => {
  await tx.$executeRaw`
    SELECT graphile_worker.add_job(
      identifier => ${name}::text,
      payload => json_build_object('orderId', ${orderId}::text),
      run_at => ${runAt}::timestamptz
    )`;
};
