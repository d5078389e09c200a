import { describe, expect, it } from '@jest/globals';
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
});
