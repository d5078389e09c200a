import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openOutbox, type Outbox } from '../test/open-outbox.ts';

let outbox: Outbox;

beforeAll(async () => {
  outbox = await openOutbox();
});

afterAll(() => outbox.close());

describe('a connection of the events whose other end is gone without a word', () => {
  it('is ended by the database with its transaction, in minutes, and no batch before', async () => {
    const { rows } = await outbox.pool.query<{ ms: number }>(
      `SELECT setting::int AS ms FROM pg_settings
       WHERE name = 'idle_in_transaction_session_timeout'`,
    );
    // A hundred events, and two seconds of the broker for each at most.
    expect(rows[0]?.ms).toBeGreaterThan(200_000);
    expect(rows[0]?.ms).toBeLessThanOrEqual(600_000);
  });

  it('is noticed by this process too', () => {
    const { keepAlive, keepAliveInitialDelayMillis = 0, query_timeout } = outbox.pool.options;
    expect({ keepAlive, query_timeout }).toEqual({ keepAlive: true, query_timeout: 30_000 });
    // Zero would leave the pause before the first probe to the system: two hours.
    expect(keepAliveInitialDelayMillis).toBeGreaterThan(0);
  });
});
