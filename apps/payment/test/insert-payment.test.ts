import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { Client } from 'pg';
import { newPayment } from './new-payment.ts';
import { openStores, type Stores } from './open-stores.ts';

let stores: Stores;
let testDatabase: Stores['testDatabase'];
let payments: Stores['payments'];

beforeAll(async () => {
  stores = await openStores();
  ({ testDatabase, payments } = stores);
});

afterAll(() => stores.close());

describe('insertPayment', () => {
  it('stores one payment per attempt, due to be polled after its request', async () => {
    const payment = newPayment();
    const { payment: stored, isNew } = await payments.insertPayment(payment);
    expect(isNew).toBe(true);
    const times = { createdAt: expect.any(Date), updatedAt: expect.any(Date) };
    expect(stored).toEqual({ ...payment, ...times });
    const [due] = await testDatabase.query(
      `SELECT extract(epoch FROM due_at - created_at)::int AS seconds, due_attempts AS attempts
       FROM payments WHERE id = $1`,
      [payment.id],
    );
    expect(due).toEqual({ seconds: 15, attempts: 0 });
    const other = { ...payment, id: randomUUID(), method: 'cash' };
    expect(await payments.insertPayment(other)).toEqual({ payment: stored, isNew: false });
  });

  it('returns the payment of a concurrent request that is stored a moment later', async () => {
    const payment = newPayment();
    const first = new Client({ connectionString: testDatabase.url });
    await first.connect();
    await first.query('BEGIN');
    const id = randomUUID();
    await first.query(
      `INSERT INTO payments (id, order_id, attempt, user_id, amount_cents, currency, provider,
         method, created_at, updated_at, due_at)
       VALUES ($1, $2, 1, $3, 1, 'EUR', 'bank', 'card', now(), now(), now())`,
      [id, payment.orderId, payment.userId],
    );
    const second = payments.insertPayment(payment);
    await eventually(async () =>
      expect(
        await testDatabase.query(
          `SELECT 1 FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        ),
      ).toHaveLength(1),
    );
    await first.query('COMMIT');
    await first.end();
    expect(await second).toMatchObject({ payment: { id }, isNew: false });
  });
});
