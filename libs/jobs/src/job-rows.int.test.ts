import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { runMigrations, runOnce } from 'graphile-worker';
import { Client } from 'pg';
import { countDeadLetteredJobs } from './dead-lettered-jobs.ts';
import { countAttempts, endAttempt, freeAbandonedJobs, type HeldJob } from './job-rows.ts';

let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await makeTestDatabase();
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

/** Stores a job, then changes its row. @returns its id */
const addJob = async (change = 'attempts = 0'): Promise<string> => {
  const [row] = await database.query<{ id: string }>(
    "SELECT id::text FROM graphile_worker.add_job('work', '{}')",
  );
  const id = row?.id ?? '';
  await database.query(`UPDATE graphile_worker._private_jobs SET ${change} WHERE id = $1`, [id]);
  return id;
};

const HELD = "locked_at = now(), locked_by = 'me'";

const HELD_TOO_LONG = "locked_at = now() - interval '21 seconds', locked_by = 'the dead'";

/** A job as its worker gets it: the driver truncates `locked_at` to milliseconds. */
const heldJob = async (id: string): Promise<HeldJob> => {
  const { rows } = await client.query<HeldJob>(
    'SELECT id::text, locked_by, locked_at FROM graphile_worker._private_jobs WHERE id = $1',
    [id],
  );
  if (!rows[0]) throw new Error('the job is gone');
  return rows[0];
};

const rowOf = async (id: string) => {
  const [row] = await database.query(
    'SELECT attempts, max_attempts, locked_by FROM graphile_worker._private_jobs WHERE id = $1',
    [id],
  );
  return row;
};

/** Lets the library run the jobs that are due. @returns how many it ran */
const runJobs = async (): Promise<number> => {
  let done = 0;
  const taskList = { work: async () => void (done += 1) };
  await runOnce({ connectionString: database.url, taskList, noHandleSignals: true });
  return done;
};

describe('the private tables of graphile-worker', () => {
  it('are those of the pinned release', () => {
    const require = createRequire(import.meta.url);
    const manifest = require.resolve('graphile-worker/package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    // Another release: read its migrations, compare them with job-rows.ts, then change this line.
    expect(version).toBe('0.17.3');
  });

  it('have the columns that this library uses', async () => {
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

  it('let a worker take only jobs that are due, not held, and have attempts left', async () => {
    await addJob('attempts = max_attempts');
    await addJob(HELD);
    await addJob("run_at = now() + interval '1 hour'");
    expect(await runJobs()).toBe(0);
    await addJob('attempts = max_attempts - 1');
    expect(await runJobs()).toBe(1);
  });
});

describe('a job that is held for longer than the lease', () => {
  it('is free for other workers, and no job that is held for less', async () => {
    const old = await addJob(HELD_TOO_LONG);
    const young = await addJob("locked_at = now() - interval '19 seconds', locked_by = 'the slow'");
    expect(await freeAbandonedJobs(client, 20_000)).toBe(1);
    expect(await rowOf(old)).toMatchObject({ locked_by: null });
    expect(await rowOf(young)).toMatchObject({ locked_by: 'the slow' });
    expect(await runJobs()).toBe(1);
  });

  it('is done in the end, however often its process was killed', async () => {
    const id = await addJob();
    for (let kill = 1; kill <= 26; kill += 1) {
      const taken = `attempts = attempts + 1, ${HELD_TOO_LONG}`;
      await database.query(`UPDATE graphile_worker._private_jobs SET ${taken} WHERE id = $1`, [id]);
      expect(await freeAbandonedJobs(client, 20_000)).toBe(1);
    }
    expect(await runJobs()).toBe(1);
  });
});

describe('a failed attempt', () => {
  it('is retried after twenty seconds at most while the retry window lasts', async () => {
    const id = await addJob(`attempts = 9, created_at = now() - interval '59 minutes', ${HELD}`);
    expect(await endAttempt(client, await heldJob(id), 60 * 60_000)).toBe('RETRIED');
    expect(await rowOf(id)).toMatchObject({ attempts: 3 });
  });

  it.each([
    [1, 'RETRIED', 1],
    [2, 'RETRIED', 2],
    [3, 'DEAD_LETTERED', 25],
  ])('number %i ends %s after the retry window', async (tries, end, attempts) => {
    const old = "created_at = now() - interval '61 minutes'";
    const id = await addJob(`attempts = ${tries}, ${old}, ${HELD}`);
    expect(await endAttempt(client, await heldJob(id), 60 * 60_000)).toBe(end);
    expect(await rowOf(id)).toMatchObject({ attempts });
  });

  it('changes nothing when another process holds the job by now', async () => {
    const id = await addJob(`attempts = 9, created_at = now() - interval '2 hours', ${HELD}`);
    const job = await heldJob(id);
    const slow = { ...job, locked_by: 'the slow' };
    expect(await endAttempt(client, slow, 1_000)).toBe('LOST');
    expect(await rowOf(id)).toMatchObject({ attempts: 9, locked_by: 'me' });
    expect(await countAttempts(client, slow)).toBeNull();
    expect(await countAttempts(client, job)).toBe(9);
  });

  it('changes nothing when another worker of the same process holds the job by now', async () => {
    const past = "created_at = now() - interval '2 hours'";
    const id = await addJob(`attempts = 8, ${past}, ${HELD_TOO_LONG}`);
    const slow = await heldJob(id);
    await database.query(
      'UPDATE graphile_worker._private_jobs SET attempts = 9, locked_at = now() WHERE id = $1',
      [id],
    );
    expect(await endAttempt(client, slow, 1_000)).toBe('LOST');
    expect(await rowOf(id)).toMatchObject({ attempts: 9 });
    expect(await countAttempts(client, slow)).toBeNull();
    expect(await countAttempts(client, await heldJob(id))).toBe(9);
  });
});

describe('the number of dead-lettered jobs', () => {
  it('leaves out jobs that a worker holds or will take', async () => {
    await addJob('attempts = max_attempts');
    await addJob('attempts = max_attempts');
    await addJob(`attempts = max_attempts, ${HELD}`);
    await addJob('attempts = max_attempts - 1');
    expect([...(await countDeadLetteredJobs(client))]).toEqual([['work', 2]]);
  });
});
