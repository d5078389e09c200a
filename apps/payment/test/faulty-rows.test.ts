import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loggingInfrastructure } from '@cartograph/testing';
import { openPayment, type PaymentService } from './open-payment.ts';
import { newIntent } from './operations.ts';

const { infrastructure, logged } = loggingInfrastructure();

let payments: PaymentService;

/** Other versions and manual SQL may write such rows. The checks are dropped to write them here. */
beforeAll(async () => {
  payments = await openPayment({}, infrastructure);
  const { database } = payments;
  const checks = await database.query<{ drop: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop
     FROM pg_constraint
     WHERE contype = 'c' AND conrelid IN ('payments'::regclass, 'refunds'::regclass)`,
  );
  for (const { drop } of checks) await database.query(drop);
  await database.query(`ALTER TYPE payment_status ADD VALUE 'DISPUTED'`);
  await database.query(`ALTER TYPE refund_status ADD VALUE 'DISPUTED'`);
});

afterAll(() => payments.close());

afterEach(() => {
  logged.length = 0;
});

const READ = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on Order { payments {
      id status amount { amount currency } createdAt
      refunds { id status amount { amount currency } createdAt }
    } }
  }
}`;

type Displayed = { readonly id: string; readonly refunds: readonly { readonly id: string }[] };

/** Two paid orders, the first with two refunds. */
const makePaidOrders = async () => {
  const owner = payments.tokens.authorize();
  const intents = [1, 2].map(() => newIntent({ userId: owner.viewer.id, method: 'sim_success' }));
  const paid = [];
  for (const intent of intents) paid.push(await payments.createIntent(intent));
  const refunds = [];
  for (const amount of [1, 2]) {
    const idempotencyKey = randomUUID();
    refunds.push(await payments.refund({ paymentId: paid[0]?.id, amount, idempotencyKey }));
  }
  const read = async (): Promise<Displayed[][]> => {
    const representations = intents.map(({ orderId }) => ({ __typename: 'Order', id: orderId }));
    const { data, errors } = await payments.asRouter(
      READ,
      { representations },
      owner.authorization,
    );
    expect(errors).toEqual([]);
    return (data._entities as { payments: Displayed[] }[]).map((order) => order.payments);
  };
  return { intents, paid: paid.map(({ id }) => id), refunds: refunds.map(({ id }) => id), read };
};

const idsOf = (rows: readonly { readonly id: string }[] | undefined) => rows?.map(({ id }) => id);

const UNKNOWN = 'has a value that this version does not know';

describe.each([
  ["currency = 'ERU'", 'currency: is not a currency'],
  ['amount_cents = -1', 'amount: is not 0 to 9007199254740991'],
  ['amount_cents = 9007199254740992', 'amount: is not 0 to 9007199254740991'],
  ["created_at = 'infinity'", 'a date is not valid'],
  ["status = 'DISPUTED'", UNKNOWN],
])('a payment with %s', (set, fault) => {
  it('is left out and logged, and the payments of other orders are returned', async () => {
    const { intents, paid, read } = await makePaidOrders();
    expect((await read()).map(idsOf)).toEqual(paid.map((id) => [id]));
    await payments.database.query(`UPDATE payments SET ${set} WHERE id = $1`, [paid[0]]);
    expect((await read()).map(idsOf)).toEqual([[], [paid[1]]]);
    const id = fault === UNKNOWN ? intents[0]?.orderId : paid[0];
    expect(logged).toContainEqual(expect.objectContaining({ level: 'error', id, fault }));
  });
});

describe.each([
  ['amount_cents = -1', 'amount: is not 0 to 9007199254740991'],
  ["created_at = 'infinity'", 'a date is not valid'],
])('a refund with %s', (set, fault) => {
  it('is left out and logged, and the other refunds of its payment are returned', async () => {
    const { refunds, read } = await makePaidOrders();
    await payments.database.query(`UPDATE refunds SET ${set} WHERE id = $1`, [refunds[0]]);
    const [[payment] = []] = await read();
    expect(idsOf(payment?.refunds)).toEqual([refunds[1]]);
    expect(logged).toContainEqual(
      expect.objectContaining({ level: 'error', table: 'refunds', id: refunds[0], fault }),
    );
  });
});

describe('a refund with a status of a newer version', () => {
  it('is left out with the other refunds of its payment, which is returned', async () => {
    const { paid, refunds, read } = await makePaidOrders();
    await payments.database.query(`UPDATE refunds SET status = 'DISPUTED' WHERE id = $1`, [
      refunds[0],
    ]);
    const [[payment] = []] = await read();
    expect([payment?.id, idsOf(payment?.refunds)]).toEqual([paid[0], []]);
    expect(logged).toContainEqual(expect.objectContaining({ id: paid[0], fault: UNKNOWN }));
  });
});
