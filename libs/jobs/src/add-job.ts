/** A transaction of any service's database, as Prisma gives it. */
export type Transaction = {
  readonly $executeRaw: (
    sql: TemplateStringsArray,
    ...values: readonly unknown[]
  ) => PromiseLike<number>;
};

/** A job that is not stored yet. */
export type NewJob = {
  /** The task that runs it. */
  readonly name: string;
  readonly payload: object;
  readonly runAt: Date;
  /** At most one job with this key waits at a time; it keeps the time of the first. */
  readonly key?: string | undefined;
  /**
   * The job is not due before as many seconds from now, even if `runAt` is earlier. The database's
   * clock measures them, as workers take jobs by it and the clock of this process may be behind.
   */
  readonly restSeconds?: number | undefined;
};

/** Stores a job in the transaction of its cause: both are stored, or neither. */
export const addJob = async (
  tx: Transaction,
  { name, payload, runAt, key, restSeconds }: NewJob,
): Promise<void> => {
  await tx.$executeRaw`
    SELECT graphile_worker.add_job(
      identifier => ${name}::text,
      payload => ${JSON.stringify(payload)}::json,
      -- Without a rest the second time is null, which greatest() ignores.
      run_at => greatest(
        ${runAt}::timestamptz, now() + make_interval(secs => ${restSeconds ?? null}::float8)
      ),
      job_key => ${key ?? null}::text,
      job_key_mode => 'preserve_run_at'
    )`;
};
