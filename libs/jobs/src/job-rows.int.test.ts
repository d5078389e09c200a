import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { runMigrations, runOnce } from 'graphile-worker';
import { Client } from 'pg';
import { countDeadJobs, countTries, endTry, freeAbandonedJobs } from './job-rows.ts';

let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await makeTestDatabase('order');
  await runMigrations({ connectionString: database.url });
  client = new Client(database.url);
  await client.connect();
});

beforeEach(async () => {
  await database.query('DELETE FROM graphile_worker._private_jobs');
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

/** Stores a job that is as `change` says. @returns its id */
const addJob = async (change = 'id = id'): Promise<string> => {
  const [row] = await database.query<{ id: string }>(
    "SELECT id::text FROM graphile_worker.add_job('work', '{}')",
  );
  const id = row?.id ?? '';
  await database.query(`UPDATE graphile_worker._private_jobs SET ${change} WHERE id = $1`, [id]);
  return id;
};

const HELD = "locked_at = now(), locked_by = 'me'";

const rowOf = async (id: string) => {
  const [row] = await database.query(
    'SELECT attempts, max_attempts, locked_by FROM graphile_worker._private_jobs WHERE id = $1',
    [id],
  );
  return row;
};

/** What the library itself makes of the jobs that are there. @returns how many it did */
const letWork = async (): Promise<number> => {
  let done = 0;
  const taskList = { work: async () => void (done += 1) };
  await runOnce({ connectionString: database.url, taskList, noHandleSignals: true });
  return done;
};

describe('the private tables of graphile-worker', () => {
  it('are those of the release that this was written for', () => {
    const require = createRequire(import.meta.url);
    const manifest = require.resolve('graphile-worker/package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    // Another release: read its migrations, compare them with job-rows.ts, then change this line.
    expect(version).toBe('0.17.3');
  });

  it('have the columns that are read and written', async () => {
    const columns = await database.query<{ name: string; type: string }>(
      `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
       WHERE attrelid = 'graphile_worker._private_jobs'::regclass AND attnum > 0
         AND NOT attisdropped`,
    );
    expect(Object.fromEntries(columns.map(({ name, type }) => [name, type]))).toMatchObject({
      id: 'bigint',
      task_id: 'integer',
      payload: 'json',
      attempts: 'smallint',
      max_attempts: 'smallint',
      last_error: 'text',
      created_at: 'timestamp with time zone',
      run_at: 'timestamp with time zone',
      locked_at: 'timestamp with time zone',
      locked_by: 'text',
    });
  });

  it('let a job be taken that nobody holds and that has attempts left, and no other', async () => {
    await addJob('attempts = max_attempts');
    await addJob(HELD);
    await addJob("run_at = now() + interval '1 hour'");
    expect(await letWork()).toBe(0);
    await addJob('attempts = max_attempts - 1');
    expect(await letWork()).toBe(1);
  });
});

describe('a job that is held for longer than the lease', () => {
  it('is free for others, and no job that is held for less', async () => {
    const old = await addJob("locked_at = now() - interval '21 seconds', locked_by = 'the dead'");
    const young = await addJob("locked_at = now() - interval '19 seconds', locked_by = 'the slow'");
    expect(await freeAbandonedJobs(client, 20_000, 60_000)).toBe(1);
    expect(await rowOf(old)).toMatchObject({ locked_by: null });
    expect(await rowOf(young)).toMatchObject({ locked_by: 'the slow' });
    expect(await letWork()).toBe(1);
  });
});

describe('a job that planned its successor under its own key, and died', () => {
  const plan = () =>
    database.query<{ id: string }>(
      "SELECT id::text FROM graphile_worker.add_job('work', '{}', job_key => 'mine')",
    );

  it('is gone when its lease ends, and is no dead letter; the successor is there', async () => {
    const [first] = await plan();
    const taken = "locked_at = now() - interval '21 seconds', locked_by = 'the dead'";
    await database.query(`UPDATE graphile_worker._private_jobs SET ${taken}`);
    const [successor] = await plan();
    expect(successor?.id).not.toBe(first?.id);
    expect(await rowOf(first?.id ?? '')).toMatchObject({ attempts: 25 });
    expect(await freeAbandonedJobs(client, 20_000, 60_000)).toBe(0);
    expect(await rowOf(first?.id ?? '')).toBeUndefined();
    expect(await countDeadJobs(client)).toEqual(new Map());
    expect(await letWork()).toBe(1);
  });
});

describe('the end of a try', () => {
  const mine = (id: string) => ({ id, locked_by: 'me' });

  it('counts no more attempts than make it wait for twenty seconds, while there is patience', async () => {
    const id = await addJob(`attempts = 9, created_at = now() - interval '59 minutes', ${HELD}`);
    expect(await endTry(client, mine(id), 60 * 60_000)).toBe('TRIED_AGAIN');
    expect(await rowOf(id)).toMatchObject({ attempts: 3 });
  });

  it('is final when the patience is over, however few attempts there were', async () => {
    const id = await addJob(`attempts = 1, created_at = now() - interval '61 minutes', ${HELD}`);
    expect(await endTry(client, mine(id), 60 * 60_000)).toBe('DEAD');
    expect(await rowOf(id)).toMatchObject({ attempts: 25 });
  });

  it('changes nothing when somebody else holds the job by now', async () => {
    const id = await addJob(`attempts = 9, created_at = now() - interval '2 hours', ${HELD}`);
    expect(await endTry(client, { id, locked_by: 'the slow' }, 1_000)).toBe('LOST');
    expect(await rowOf(id)).toMatchObject({ attempts: 9, locked_by: 'me' });
    expect(await countTries(client, { id, locked_by: 'the slow' })).toBeNull();
    expect(await countTries(client, mine(id))).toBe(9);
  });
});

describe('the number of dead jobs', () => {
  it('is of those that nobody will take again', async () => {
    await addJob('attempts = max_attempts');
    await addJob('attempts = max_attempts');
    await addJob(`attempts = max_attempts, ${HELD}`);
    await addJob('attempts = max_attempts - 1');
    expect([...(await countDeadJobs(client))]).toEqual([['work', 2]]);
  });
});
