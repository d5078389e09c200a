import pg from 'pg';

const TRANSACTION = /^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b/i;

/** What the workers of jobs ask by themselves, whoever else is there. */
const WORKERS = /graphile_worker|pg_notify|LISTEN/i;

/** What requests store for the workers. */
const PLANS_A_JOB = /add_job/i;

const isCounted = (text: string): boolean =>
  !TRANSACTION.test(text) && (!WORKERS.test(text) || PLANS_A_JOB.test(text));

type Query = (this: pg.Client, ...args: unknown[]) => unknown;

const textOf = ([first]: readonly unknown[]): string => {
  if (typeof first === 'string') return first;
  const { text } = (first ?? {}) as { text?: unknown };
  return typeof text === 'string' ? text : '';
};

/**
 * Counts the statements that this process sends to Postgres while `work` runs, without BEGIN and
 * COMMIT and without what the workers of jobs ask. A job that runs in the meantime adds its own: the
 * least of several counts is what the work needs.
 */
export const countStatements = async (work: () => Promise<unknown>): Promise<number> => {
  const client = pg.Client.prototype as unknown as { query: Query };
  const { query } = client;
  let count = 0;
  client.query = function (...args) {
    if (isCounted(textOf(args))) count += 1;
    return query.apply(this, args);
  };
  try {
    await work();
  } finally {
    client.query = query;
  }
  return count;
};
