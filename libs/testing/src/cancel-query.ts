import { DEADLINE_HEADER } from '@cartograph/resilience';
import type { FastifyInstance } from 'fastify';
import { beginRequest } from './begin-request.ts';
import { blockTable } from './block-table.ts';
import type { TestDatabase } from './make-test-database.ts';

/** Long enough for a request to reach its database, where the machine is not busy. */
const DEADLINE_MS = 1_000;

/**
 * Sends a query twice while the table that it reads is blocked. The first client disconnects, the
 * second one waits for a second. Each time the statement must be gone from the database.
 * @returns the codes of the errors that the second was answered with
 * @throws when a statement does not come, or stays
 */
export const cancelQuery = async (
  { app, database }: { readonly app: FastifyInstance; readonly database: TestDatabase },
  table: string,
  query: string,
  { variables = {}, headers = {} }: { variables?: object; headers?: Record<string, string> } = {},
): Promise<readonly string[]> => {
  const blocked = await blockTable(database, table);
  try {
    const left = await beginRequest(app, query, { variables, headers });
    await blocked.untilWaiting(1);
    left.disconnect();
    await blocked.untilWaiting(0);

    const deadline = { [DEADLINE_HEADER]: String(DEADLINE_MS) };
    const late = await beginRequest(app, query, {
      variables,
      headers: { ...headers, ...deadline },
    });
    // On a machine that is busy the deadline may pass before the statement is sent.
    const answer = await late.answer;
    await blocked.untilWaiting(0);
    return [...new Set(answer?.errors.map(({ extensions }) => extensions.code))];
  } finally {
    await blocked.release();
  }
};
