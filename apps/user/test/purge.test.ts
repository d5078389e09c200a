import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLogger } from '@cartograph/logging';
import { deleteInBatches } from '@cartograph/jobs';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { makeDatabase, type Database } from '../src/db/make-database.ts';
import { makePurges } from '../src/db/make-purges.ts';
import { startJobs } from '../src/jobs/start-jobs.ts';

const DAY_MS = 24 * 60 * 60_000;

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await makeTestDatabase('user');
  database = makeDatabase({ databaseUrl: test.url, databasePoolSize: 2 });
  await test.query(
    `INSERT INTO users (id, email, password_hash, created_at, updated_at)
     VALUES ('01890000-0000-7000-8000-000000000000', 'ann@example.com', 'x', now(), now())`,
  );
});

afterAll(async () => {
  await database.close();
  await test.drop();
});

/** Inserts a session, by its device, with one refresh token. Ages are SQL intervals. */
const addSession = async (
  device: string,
  expiresIn: string,
  revokedFor: string | null = null,
  tokenExpiresIn = '10 days',
) => {
  await test.query(
    `WITH session AS (
       INSERT INTO sessions (id, user_id, created_at, expires_at, device)
       VALUES (gen_random_uuid(), '01890000-0000-7000-8000-000000000000', now(),
         now() + $2::interval, $1)
       RETURNING id)
     INSERT INTO refresh_tokens (hash, session_id, created_at, expires_at)
     SELECT convert_to($1, 'UTF8'), id, now(), now() + $3::interval FROM session`,
    [device, expiresIn, tokenExpiresIn],
  );
  // The database writes the time of a revocation: it is made older by a second update.
  await test.query(`UPDATE sessions SET revoked_at = now() WHERE device = $1 AND $2::text <> ''`, [
    device,
    revokedFor ?? '',
  ]);
  await test.query(
    `UPDATE sessions SET revoked_at = now() - $2::interval WHERE device = $1 AND revoked_at IS NOT NULL`,
    [device, revokedFor ?? '0'],
  );
};

const purge = async (name: string) => {
  const found = makePurges(database, DAY_MS).find((one) => one.name === name);
  if (!found) throw new Error(`there is no purge of ${name}`);
  return deleteInBatches(found.deleteBatch, found.batch);
};

const devices = async () => {
  const rows = await test.query<{ device: string }>('SELECT device FROM sessions ORDER BY device');
  return rows.map(({ device }) => device);
};

describe('the purge of the user database', () => {
  it('deletes sessions a day after their end or revocation, with their tokens', async () => {
    await addSession('live', '1 day');
    await addSession('ended lately', '-23 hours -59 minutes');
    await addSession('ended', '-24 hours -1 minute');
    await addSession('revoked lately', '1 day', '23 hours 59 minutes');
    await addSession('revoked', '1 day', '24 hours 1 minute');
    expect(await purge('expired sessions')).toBe(1);
    expect(await devices()).toEqual(['ended lately', 'live', 'revoked', 'revoked lately']);
    expect(await purge('revoked sessions')).toBe(1);
    expect(await devices()).toEqual(['ended lately', 'live', 'revoked lately']);
    expect(await test.query('SELECT FROM refresh_tokens')).toHaveLength(3);
    await test.query('DELETE FROM sessions');
  });

  it('deletes used refresh tokens a day after their end, and leaves the session', async () => {
    await addSession('a', '10 days', null, '1 minute');
    await addSession('b', '10 days', null, '-23 hours -59 minutes');
    await addSession('c', '10 days', null, '-24 hours -1 minute');
    await addSession('d', '10 days', null, '-24 hours -1 minute');
    await test.query(`UPDATE refresh_tokens SET used_at = now() WHERE hash IN ('a', 'b', 'd')`);
    expect(await purge('refresh tokens')).toBe(1);
    expect(await test.query('SELECT hash FROM refresh_tokens')).toHaveLength(3);
    expect(await devices()).toEqual(['a', 'b', 'c', 'd']);
    await test.query('DELETE FROM sessions');
  });

  it('deletes sessions a day after the end of their unused token, with all tokens', async () => {
    await addSession('in use', '10 days', null, '1 minute');
    await addSession('idle lately', '10 days', null, '-23 hours -59 minutes');
    await addSession('idle', '10 days', null, '-24 hours -1 minute');
    await addSession('refreshed', '10 days', null, '-24 hours -1 minute');
    await addSession('revoked lately', '10 days', '1 hour', '1 minute');
    await test.query(
      `UPDATE refresh_tokens SET used_at = now() - interval '2 days' WHERE hash = 'refreshed'`,
    );
    await test.query(
      `INSERT INTO refresh_tokens (hash, session_id, created_at, expires_at, used_at)
       SELECT convert_to(name, 'UTF8'), id, now(), now() + expires_in::interval, used_at
       FROM sessions, (VALUES ('idle', 'before idle', '-3 days', now() - interval '4 days'),
         ('refreshed', 'its next', '1 day', NULL)) AS tokens(of, name, expires_in, used_at)
       WHERE device = of`,
    );
    expect(await purge('idle sessions')).toBe(1);
    expect(await devices()).toEqual(['idle lately', 'in use', 'refreshed', 'revoked lately']);
    expect(await test.query('SELECT FROM refresh_tokens')).toHaveLength(5);
    await test.query('DELETE FROM sessions');
  });

  it('deletes known addresses and counts of attempts at their end', async () => {
    await test.query(
      `INSERT INTO known_addresses (key, expires_at)
       VALUES ('known', now() + interval '1 minute'), ('past', now() - interval '1 second')`,
    );
    await test.query(
      `INSERT INTO attempt_counts (key, points, expire)
       VALUES ('counted', 1, extract(epoch FROM now() + interval '1 minute') * 1000),
         ('past', 1, extract(epoch FROM now() - interval '1 second') * 1000)`,
    );
    expect(await purge('known addresses')).toBe(1);
    expect(await purge('attempt counts')).toBe(1);
    expect(await test.query('SELECT key FROM known_addresses')).toEqual([{ key: 'known' }]);
    expect(await test.query('SELECT key FROM attempt_counts')).toEqual([{ key: 'counted' }]);
  });

  it('deletes all old rows, in batches', async () => {
    await test.query(
      `INSERT INTO known_addresses (key, expires_at)
       SELECT 'old ' || n, now() - interval '1 day' FROM generate_series(1, 2500) AS n`,
    );
    expect(await purge('known addresses')).toBe(2_500);
  });

  it('finds old rows by an index', async () => {
    const statements: string[] = [];
    const prisma = database.prisma.$extends({
      query: {
        $executeRaw: ({ args }) => {
          statements.push(args.text);
          return Promise.resolve(0);
        },
      },
    }) as unknown as Database['prisma'];
    const purges = makePurges({ ...database, prisma }, DAY_MS);
    for (const one of purges) await one.deleteBatch(1);
    expect(statements).toHaveLength(purges.length);
    // What a planner without statistics prefers for so few rows.
    await test.query('SET enable_seqscan = off');
    await test.query('SET enable_bitmapscan = off');
    await test.query('SET plan_cache_mode = force_generic_plan');
    for (const statement of statements) {
      const plan = await test.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN (GENERIC_PLAN) ${statement}`,
      );
      const text = plan.map((row) => row['QUERY PLAN']).join('\n');
      expect(text).toMatch(/Index Scan using \w+_(expires_at|revoked_at|expire)_idx/);
      expect(text).not.toMatch(/Sort/);
    }
  });
});

describe('startJobs', () => {
  it('purges immediately and at every interval, also after a failure, until it is stopped', async () => {
    const lines: Record<string, unknown>[] = [];
    const log = makeLogger(
      { name: 'user', level: 'info' },
      { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
    );
    let rounds = 0;
    const { promise: third, resolve } = Promise.withResolvers<void>();
    const stop = startJobs({
      purges: [
        { name: 'broken', batch: 10, deleteBatch: () => Promise.reject(new Error('gone')) },
        {
          name: 'rows',
          batch: 10,
          deleteBatch: async () => {
            rounds += 1;
            if (rounds === 3) resolve();
            return rounds;
          },
        },
      ],
      intervalMs: 10,
      log,
    });
    await third;
    await stop();
    const stoppedAt = rounds;
    await new Promise((done) => setTimeout(done, 50));
    expect(rounds).toBe(stoppedAt);
    expect(lines.slice(0, 2)).toMatchObject([
      { level: 'error', purge: 'broken', err: { message: 'gone' } },
      { level: 'info', purge: 'rows', rows: 1 },
    ]);
  });
});
