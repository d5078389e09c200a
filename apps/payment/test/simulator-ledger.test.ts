import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { openLedger, type Ledger } from '../src/clients/simulator/ledger.ts';

let database: TestDatabase;
let ledger: Ledger;
const lost: Error[] = [];

beforeAll(async () => {
  database = await makeTestDatabase('payment');
  ledger = openLedger(database.url, (error) => void lost.push(error));
});

afterAll(async () => {
  await ledger.close();
  await database.drop();
});

const charge = {
  reference: 'sim_1',
  idempotencyKey: 'order:1',
  method: 'sim_success',
  amountCents: 1999,
  currency: 'EUR',
  succeedsAt: new Date(),
  declinesAt: null,
};

const refund = {
  reference: 'simre_1',
  idempotencyKey: 'refund:1',
  chargeReference: 'sim_1',
  amountCents: 500,
};

const insertRefund = () => ledger.insertRefund(refund, () => ({ failureCode: null, webhooks: [] }));

describe('the ledger of the simulator', () => {
  it('fails the current transaction when its connection is lost, and opens another', async () => {
    await ledger.insertCharge(charge, []);
    await database.query('BEGIN');
    await database.query('SELECT 1 FROM simulator_charges FOR UPDATE');
    const waiting = insertRefund();
    const failed = expect(waiting).rejects.toThrow();
    // The refund waits in its transaction for the charge's row.
    await eventually(async () => {
      const ended = await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(ended).toHaveLength(1);
    });
    await failed;
    await database.query('ROLLBACK');
    expect(await insertRefund()).toEqual({ ...refund, failureCode: null });
    expect(await database.query('SELECT amount_cents::int FROM simulator_refunds')).toEqual([
      { amount_cents: 500 },
    ]);
  });
});
