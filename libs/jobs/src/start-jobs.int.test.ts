import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeLogger } from '@cartograph/logging';
import { blockTable, eventually, makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { loseDatabase } from '../test/lose-database.ts';
import { startJobs, type Work } from './start-jobs.ts';

let database: TestDatabase;
let stops: (() => Promise<void>)[] = [];
let lines: string[] = [];

beforeAll(async () => {
  database = await makeTestDatabase();
});

afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()));
  stops = [];
  lines = [];
});

afterAll(() => database.drop());

const start = async (work: Work, options: { tries?: number; retryWindowMs?: number } = {}) => {
  const { tries, ...times } = options;
  stops.push(
    await startJobs({
      databaseUrl: database.url,
      log: makeLogger({ name: 'test', level: 'info' }, { write: (line) => void lines.push(line) }),
      tasks: { work },
      ...(tries !== undefined && { tries: { work: tries } }),
      concurrency: 1,
      ...times,
    }),
  );
};

const addJob = (payload: object = {}) =>
  database.query("SELECT graphile_worker.add_job('work', $1)", [JSON.stringify(payload)]);

const jobs = () =>
  database.query<{ attempts: number; max_attempts: number; last_error: string | null }>(
    'SELECT attempts, max_attempts, last_error FROM graphile_worker.jobs WHERE locked_at IS NULL',
  );

/** Makes all jobs due now, and notifies the workers. */
const makeDue = async () => {
  await database.query(
    'UPDATE graphile_worker._private_jobs SET run_at = now() WHERE locked_at IS NULL',
  );
  await database.query(`SELECT pg_notify('jobs:insert', '{"count":1}')`);
};

/** The messages of the lines about jobs that failed. */
const messages = () => lines.map((line) => (JSON.parse(line) as { msg: string }).msg);

describe('durable work', () => {
  it('is retried until it succeeds', async () => {
    const received: unknown[] = [];
    await start(async (payload) => {
      received.push(payload);
      if (received.length < 3) throw new Error('not yet');
    });
    await addJob({ orderId: 'C-1' });
    await eventually(async () => {
      await makeDue();
      expect(received).toHaveLength(3);
      expect(await jobs()).toEqual([]);
    });
    expect(received).toEqual(Array(3).fill({ orderId: 'C-1' }));
    expect(messages()).toEqual(['job failed', 'job failed']);
  });

  it('is dead-lettered after three attempts when the retry window is over, and logged once', async () => {
    await start(() => Promise.reject(new Error('no luck')), { retryWindowMs: 1 });
    await addJob();
    await eventually(async () => {
      await makeDue();
      expect(await jobs()).toEqual([{ attempts: 25, max_attempts: 25, last_error: 'no luck' }]);
    });
    expect(messages()).toEqual(['job failed', 'job failed', 'job dead-lettered']);
    await database.query('DELETE FROM graphile_worker._private_jobs');
  });

  it('is dropped after its tries, where a job may be lost', async () => {
    let tries = 0;
    await start(
      async () => {
        tries += 1;
        throw new Error('no receiver');
      },
      { tries: 3 },
    );
    await addJob();
    await eventually(async () => {
      await makeDue();
      expect(await jobs()).toEqual([]);
      expect(messages()).toEqual(['job failed', 'job failed', 'job dropped']);
    });
    expect(tries).toBe(3);
  });

  it('past its lease belongs to another worker: the result of the first one has no effect', async () => {
    const { promise: wait, resolve: resume } = Promise.withResolvers<void>();
    const { promise: second, resolve: endSecond } = Promise.withResolvers<void>();
    const started: string[] = [];
    // The retry window of the slow worker is over: its failure would dead-letter the job.
    await start(
      async () => {
        started.push('slow');
        await wait;
        throw new Error('too late');
      },
      { retryWindowMs: 1 },
    );
    await addJob();
    await eventually(() => expect(started).toEqual(['slow']));
    await database.query(
      "UPDATE graphile_worker._private_jobs SET attempts = 3, locked_at = now() - interval '1 minute'",
    );
    await start(async () => {
      started.push('quick');
      await second;
      throw new Error('not yet');
    });
    await eventually(() => expect(started).toEqual(['slow', 'quick']));
    const stopSlow = stops.shift();
    resume();
    await stopSlow?.();
    expect(messages()).toContain('job failed');
    expect(messages()).not.toContain('job dead-lettered');
    endSecond();
    await eventually(async () =>
      expect(await jobs()).toMatchObject([{ last_error: 'not yet', max_attempts: 25 }]),
    );
    const [job] = await jobs();
    expect(job?.attempts).toBeLessThan(5);
    await database.query('DELETE FROM graphile_worker._private_jobs');
  });

  it('continues after the database ended all connections', async () => {
    let done = 0;
    await start(async () => (done += 1));
    await addJob();
    // The end of the job must be written too.
    await eventually(async () =>
      expect(await database.query('SELECT 1 FROM graphile_worker._private_jobs')).toEqual([]),
    );
    expect(done).toBe(1);
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await eventually(() => expect(messages()).toContain('connection of the jobs lost'));
    await addJob();
    await eventually(() => expect(done).toBe(2), 30_000);
  });

  it('continues when the database was lost while a job ended', async () => {
    const rejections: unknown[] = [];
    const onRejection = (error: unknown) => void rejections.push(error);
    process.on('unhandledRejection', onRejection);
    const { promise: wait, resolve: resume } = Promise.withResolvers<void>();
    let done = 0;
    await start(async () => {
      await wait;
      done += 1;
    });
    await addJob();
    await eventually(async () => {
      const held = await database.query(
        'SELECT 1 FROM graphile_worker._private_jobs WHERE locked_at IS NOT NULL',
      );
      expect(held).toHaveLength(1);
    });
    const outage = await loseDatabase(database);
    resume();
    await eventually(() => expect(done).toBe(1));
    await eventually(() => expect(messages()).toContain('statement of the jobs repeated'));
    await outage.end();
    await eventually(async () => {
      const left = await database.query('SELECT 1 FROM graphile_worker._private_jobs');
      expect(left).toEqual([]);
    }, 60_000);
    await addJob();
    await eventually(() => expect(done).toBe(2));
    process.off('unhandledRejection', onRejection);
    expect(rejections).toEqual([]);
  });

  it('begins when the database was lost while it looked up its tasks', async () => {
    const tasks = await blockTable(database, 'graphile_worker._private_tasks');
    let done = 0;
    const starting = start(async () => (done += 1));
    await eventually(async () => {
      const ended = await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'
           AND query LIKE 'insert into %_private_tasks%'`,
      );
      expect(ended).not.toEqual([]);
    });
    await eventually(() => expect(messages()).toContain('statement of the jobs repeated'));
    await tasks.release();
    await starting;
    await addJob();
    await eventually(() => expect(done).toBe(1));
  });
});
