import { DEADLINE_HEADER } from '@cartograph/resilience';
import type { FastifyInstance } from 'fastify';
import { beginRequest } from './begin-request.ts';
import { blockTable } from './block-table.ts';
import type { TestDatabase } from './make-test-database.ts';

/** Long enough for a request to reach its database on an idle machine. */
const DEADLINE_MS = 1_000;

/**
 * Sends a query twice while the table that it reads is blocked. The first client disconnects, the
 * second one has a deadline of one second. Each time the statement must be cancelled in the database.
 * @returns the codes of the errors in the second response
 * @throws when a statement does not reach the database, or stays there
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
    const response = await late.response;
    await blocked.untilWaiting(0);
    return [...new Set(response?.errors.map(({ extensions }) => extensions.code))];
  } finally {
    await blocked.release();
  }
};
