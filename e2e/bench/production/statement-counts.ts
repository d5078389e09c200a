import type pg from 'pg';

/** Of one database, since the server was started. */
export type DatabaseCounts = {
  /** All statements, BEGIN and COMMIT included. */
  readonly statements: number;
  /** A statement outside of BEGIN and COMMIT is a transaction, too. */
  readonly transactions: number;
};

/** One kind of statement, in all its calls. */
export type StatementCount = {
  readonly database: string;
  readonly query: string;
  readonly calls: number;
  readonly ms: number;
};

export type StatementSnapshot = {
  readonly databases: Readonly<Record<string, DatabaseCounts>>;
  readonly statements: readonly StatementCount[];
};

/** Backends report their transactions when they have been idle for ten seconds. */
export const REPORTED_AFTER_MS = 10_500;

/** Reads the counts of the services' databases, by the name of the service. */
export const readStatements = async (admin: pg.Client): Promise<StatementSnapshot> => {
  const { rows: databases } = await admin.query<{ name: string; transactions: number }>(
    `SELECT replace(datname, 'cartograph_', '') AS name,
       (xact_commit + xact_rollback)::float8 AS transactions
     FROM pg_stat_database WHERE datname LIKE 'cartograph\\_%' ORDER BY 1`,
  );
  const { rows: statements } = await admin.query<StatementCount>(
    `SELECT replace(datname, 'cartograph_', '') AS database, query,
       sum(calls)::float8 AS calls, sum(total_exec_time + total_plan_time) AS ms
     FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid
     WHERE datname LIKE 'cartograph\\_%' GROUP BY 1, 2`,
  );
  const callsOf = (name: string): number =>
    statements.reduce((sum, { database, calls }) => sum + (database === name ? calls : 0), 0);
  return {
    databases: Object.fromEntries(
      databases.map(({ name, transactions }) => [
        name,
        { transactions, statements: callsOf(name) },
      ]),
    ),
    statements,
  };
};

const keyOf = ({ database, query }: StatementCount): string => `${database} ${query}`;

/** What was executed between two snapshots. */
export const statementsBetween = (
  before: StatementSnapshot,
  after: StatementSnapshot,
): StatementSnapshot => {
  const earlier = new Map(before.statements.map((one) => [keyOf(one), one]));
  return {
    databases: Object.fromEntries(
      Object.entries(after.databases).map(([name, counts]) => [
        name,
        {
          statements: counts.statements - (before.databases[name]?.statements ?? 0),
          transactions: counts.transactions - (before.databases[name]?.transactions ?? 0),
        },
      ]),
    ),
    statements: after.statements
      .map((one) => ({
        ...one,
        calls: one.calls - (earlier.get(keyOf(one))?.calls ?? 0),
        ms: one.ms - (earlier.get(keyOf(one))?.ms ?? 0),
      }))
      .filter(({ calls }) => calls > 0),
  };
};
