import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { runMigrations } from 'graphile-worker';
import { Client } from 'pg';
import {
  countDeadLetteredJobs,
  listDeadLetteredJobs,
  retryDeadLetteredJobs,
} from './dead-lettered-jobs.ts';

let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await makeTestDatabase();
  client = new Client(database.url);
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

describe('a database whose service never ran', () => {
  it('has no jobs', async () => {
    expect(await listDeadLetteredJobs(client)).toEqual([]);
    expect(await retryDeadLetteredJobs(client)).toBe(0);
  });
});

describe('dead-lettered jobs', () => {
  beforeAll(() => runMigrations({ connectionString: database.url }));

  beforeEach(async () => {
    await database.query('DELETE FROM graphile_worker._private_jobs');
    for (const name of ['dead', 'failing', 'busy']) {
      await database.query(
        "SELECT graphile_worker.add_job($1, json_build_object('orderId', $1::text))",
        [`${name}_work`],
      );
    }
    const set = (change: string, name: string) =>
      database.query(
        `UPDATE graphile_worker._private_jobs SET ${change} WHERE payload->>'orderId' = $1`,
        [`${name}_work`],
      );
    const past = "created_at = now() - interval '1 day', run_at = now() + interval '1 hour'";
    await set(`attempts = max_attempts, last_error = E'no luck\\n  at x', ${past}`, 'dead');
    await set(`attempts = 24, last_error = 'soon', ${past}`, 'failing');
    await set(`attempts = max_attempts, locked_at = now(), locked_by = 'w', ${past}`, 'busy');
  });

  it('are listed with their payload and last error; jobs that are still retried are not', async () => {
    const jobs = await listDeadLetteredJobs(client);
    expect(jobs).toEqual([
      {
        id: expect.stringMatching(/^\d+$/),
        name: 'dead_work',
        payload: { orderId: 'dead_work' },
        createdAt: expect.any(Date),
        attempts: 25,
        lastError: 'no luck\n  at x',
      },
    ]);
  });

  it('are counted by task', async () => {
    expect([...(await countDeadLetteredJobs(client))]).toEqual([['dead_work', 1]]);
  });

  it('are due now with all their attempts, and no others', async () => {
    expect(await retryDeadLetteredJobs(client)).toBe(1);
    expect(await listDeadLetteredJobs(client)).toEqual([]);
    const rows = await database.query(
      `SELECT payload->>'orderId' AS name, attempts, run_at <= now() AS due,
         created_at > now() - interval '1 minute' AS renewed
       FROM graphile_worker._private_jobs ORDER BY id`,
    );
    expect(rows).toEqual([
      { name: 'dead_work', attempts: 0, due: true, renewed: true },
      { name: 'failing_work', attempts: 24, due: false, renewed: false },
      { name: 'busy_work', attempts: 25, due: false, renewed: false },
    ]);
    expect(await retryDeadLetteredJobs(client)).toBe(0);
  });
});
