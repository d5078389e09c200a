import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { makeLogger } from '@cartograph/logging';
import { eventually, makeTestDatabase, type TestDatabase } from '@cartograph/testing';
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

const start = async (work: Work, options: { tries?: number; patienceMs?: number } = {}) => {
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

/** Makes all jobs due now, and tells the workers. */
const hurry = async () => {
  await database.query(
    'UPDATE graphile_worker._private_jobs SET run_at = now() WHERE locked_at IS NULL',
  );
  await database.query(`SELECT pg_notify('jobs:insert', '{"count":1}')`);
};

/** The messages of the lines about jobs that failed. */
const said = () => lines.map((line) => (JSON.parse(line) as { msg: string }).msg);

describe('durable work', () => {
  it('is done again until it is done', async () => {
    const told: unknown[] = [];
    await start(async (payload) => {
      told.push(payload);
      if (told.length < 3) throw new Error('not yet');
    });
    await addJob({ orderId: 'C-1' });
    await eventually(async () => {
      await hurry();
      expect(told).toHaveLength(3);
      expect(await jobs()).toEqual([]);
    });
    expect(told).toEqual(Array(3).fill({ orderId: 'C-1' }));
    expect(said()).toEqual(['job failed', 'job failed']);
  });

  it('is left to a person after three tries when the patience is over, and said to be so once', async () => {
    await start(() => Promise.reject(new Error('no luck')), { patienceMs: 1 });
    await addJob();
    await eventually(async () => {
      await hurry();
      expect(await jobs()).toEqual([{ attempts: 25, max_attempts: 25, last_error: 'no luck' }]);
    });
    expect(said()).toEqual(['job failed', 'job failed', 'job given up']);
    await database.query('DELETE FROM graphile_worker._private_jobs');
  });

  it('is dropped after its tries, where nobody misses it', async () => {
    let tries = 0;
    await start(
      async () => {
        tries += 1;
        throw new Error('nobody there');
      },
      { tries: 3 },
    );
    await addJob();
    await eventually(async () => {
      await hurry();
      expect(await jobs()).toEqual([]);
      expect(said()).toEqual(['job failed', 'job failed', 'job dropped']);
    });
    expect(tries).toBe(3);
  });

  it('past its lease is another worker’s: what the first one makes of it has no effect', async () => {
    const { promise: wait, resolve: goOn } = Promise.withResolvers<void>();
    const { promise: second, resolve: endSecond } = Promise.withResolvers<void>();
    const begun: string[] = [];
    // The slow one's patience is over, and so are the tries: were its word taken, the job would be dead.
    await start(
      async () => {
        begun.push('slow');
        await wait;
        throw new Error('too late');
      },
      { patienceMs: 1 },
    );
    await addJob();
    await eventually(() => expect(begun).toEqual(['slow']));
    await database.query(
      "UPDATE graphile_worker._private_jobs SET attempts = 3, locked_at = now() - interval '1 minute'",
    );
    await start(async () => {
      begun.push('quick');
      await second;
      throw new Error('not yet');
    });
    await eventually(() => expect(begun).toEqual(['slow', 'quick']));
    const stopSlow = stops.shift();
    goOn();
    await stopSlow?.();
    expect(said()).toContain('job failed');
    expect(said()).not.toContain('job given up');
    endSecond();
    await eventually(async () =>
      expect(await jobs()).toMatchObject([{ last_error: 'not yet', max_attempts: 25 }]),
    );
    const [job] = await jobs();
    expect(job?.attempts).toBeLessThan(5);
    await database.query('DELETE FROM graphile_worker._private_jobs');
  });

  it('past its lease may still plan its successor under its own key: that one is done', async () => {
    const { promise: wait, resolve: goOn } = Promise.withResolvers<void>();
    const plan = () =>
      database.query("SELECT graphile_worker.add_job('work', '{}', job_key => 'mine')");
    let times = 0;
    await start(async () => {
      times += 1;
      if (times > 1) return;
      await wait;
      await plan();
    });
    await plan();
    await eventually(() => expect(times).toBe(1));
    // Its lease ends by hand: with a short one, a second try on a busy machine would lose it as well.
    await database.query(
      "UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '1 minute'",
    );
    // Freed, and there is no other worker to take it.
    await eventually(async () => expect(await jobs()).toHaveLength(1));
    goOn();
    // Work may be done once more than it must be, and never once less.
    await eventually(() => expect(times).toBeGreaterThanOrEqual(2));
    await eventually(async () => expect(await jobs()).toEqual([]));
  });

  it('goes on when the database ended all connections', async () => {
    let done = 0;
    await start(async () => (done += 1));
    await addJob();
    // Its end is written as well: the library can't go on when it loses that statement.
    await eventually(async () =>
      expect(await database.query('SELECT 1 FROM graphile_worker._private_jobs')).toEqual([]),
    );
    expect(done).toBe(1);
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await eventually(() => expect(said()).toContain('connection of the jobs lost'));
    await addJob();
    await eventually(() => expect(done).toBe(2), 30_000);
  });
});
