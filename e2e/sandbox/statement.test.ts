import { describe, expect, it } from 'vitest';
import { readStatement } from './statement.ts';

describe('readStatement', () => {
  it('names what is written, not what is only locked', () => {
    expect(readStatement('SELECT 1 FROM orders WHERE id = $1 FOR UPDATE', [])).toEqual({
      kind: 'read',
      writes: [],
    });
    expect(
      readStatement('INSERT INTO "public"."orders" (id) VALUES ($1) ON CONFLICT DO NOTHING', []),
    ).toEqual({ kind: 'write', writes: ['insert orders'] });
    expect(readStatement('SELECT verdict FROM claim_stock_hold($1)', []).writes).toEqual([
      'insert stock_holds',
    ]);
    expect(
      readStatement('insert into keys (a) values (1) on conflict (a) do update set a = 2', []),
    ).toEqual({ kind: 'write', writes: ['insert keys'] });
  });

  it('names the job that is enqueued, in the text or in a parameter', () => {
    const enqueued = 'SELECT graphile_worker.add_job(identifier => $1::text, payload => $2::json)';
    expect(readStatement(enqueued, ['settle_order', '{}']).writes).toEqual(['plan settle_order']);
    const literal = "SELECT graphile_worker.add_job('deliver_webhook', json_build_object())";
    expect(readStatement(literal, []).writes).toEqual(['plan deliver_webhook']);
  });

  it('distinguishes taking and finishing a job from maintenance', () => {
    const take = 'update graphile_worker._private_jobs as jobs set attempts = jobs.attempts + 1';
    expect(readStatement(take, []).kind).toBe('take job');
    const finish = 'delete from "graphile_worker"._private_jobs as jobs where id = $1::bigint';
    expect(readStatement(finish, ['7']).kind).toBe('finish job');
    const lease = `UPDATE graphile_worker._private_jobs SET locked_at = NULL
      WHERE locked_at < now() - make_interval(secs => $1)`;
    expect(readStatement(lease, ['20']).kind).toBe('read');
    expect(readStatement('COMMIT', []).kind).toBe('commit');
  });

  it('names a statement by the comment it begins with, also when it only selects from its writes', () => {
    const place = `/* order.place */
      WITH placed AS (INSERT INTO orders (id) VALUES ($1) RETURNING id)
      SELECT id FROM placed`;
    expect(readStatement(place, [])).toEqual({ kind: 'write', writes: ['order.place'] });
    const read = '/* order.find */ SELECT id FROM orders -- not: update orders';
    expect(readStatement(read, []).kind).toBe('read');
  });

  it('distinguishes what looks for work from what purges', () => {
    const claim = `/* orders.claim */ WITH due AS (
        SELECT id FROM orders WHERE due_at <= now() LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED)
      UPDATE orders SET due_attempts = due_attempts + 1 FROM due WHERE orders.id = due.id
      RETURNING orders.id`;
    expect(readStatement(claim, [])).toEqual({ kind: 'poll', writes: ['orders.claim'] });
    const publish = `WITH guard AS (SELECT pg_try_advisory_xact_lock(1) AS mine)
      UPDATE events SET published_at = now() FROM guard WHERE mine AND published_at IS NULL`;
    expect(readStatement(publish, [])).toEqual({ kind: 'poll', writes: ['update events'] });
    const purge = `DELETE FROM events WHERE id IN (
      SELECT id FROM events WHERE published_at < now() LIMIT $1 FOR UPDATE SKIP LOCKED
    )`;
    expect(readStatement(purge, []).kind).toBe('read');
  });
});
