import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { expectedLedger, ledgerOf } from './ledger.ts';
import { openOrder, type Shop } from './open-order.ts';
import type { Fault, Operation } from './fake-services.ts';

/** `RACE_SEED=... npm test -- apps/order/test/race` runs the same races again. */
const SEED = Number(process.env['RACE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 40);

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterAll(() => shop.close());

/** Mulberry32: the same numbers for the same seed. */
const makeRandom = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
};

const METHODS = ['sim_success', 'sim_success', 'sim_decline', 'sim_pending'];
const FAULTS: Fault[] = ['down', 'error', 'response lost'];
const OPERATIONS: Operation[] = [
  'CommitReservation',
  'CloseReservation',
  'CreatePaymentIntent',
  'PaymentStatus',
  'ClosePayment',
  'RefundForOrder',
];

const expire = (orderId: string) =>
  shop.database.query(
    "UPDATE orders SET reserved_until = now() - interval '31 seconds' WHERE id = $1",
    [orderId],
  );

/** After a fault a circuit may be open, and fail the payments of all later races. */
const ROUNDS_WITHOUT_FAULT = 10;

/** One order, with concurrent payments, cancellations, an expiry and faults. */
const race = async (random: (below: number) => number, round: number): Promise<string> => {
  const ada = shop.signIn();
  const admin = shop.signIn('ADMIN');
  const { id } = await ada.createAny();
  const paymentMethod = METHODS[random(METHODS.length)];
  const acts: (() => Promise<unknown>)[] = [
    ...Array.from(
      { length: 1 + random(5) },
      () => () => ada.tryToPay({ orderId: id, paymentMethod }),
    ),
    ...Array.from({ length: random(3) }, () => () => ada.tryToCancel({ orderId: id })),
    ...Array.from({ length: random(2) }, () => () => admin.tryToCancel({ orderId: id })),
    ...Array.from({ length: random(3) }, () => () => shop.notifySettled(id)),
    ...(random(3) === 0 ? [() => expire(id).then(() => shop.notifySettled(id))] : []),
    ...(random(4) === 0 ? [async () => shop.services.sellReserved(id)] : []),
  ];
  if (random(3) === 0 && round >= ROUNDS_WITHOUT_FAULT) {
    const fault = FAULTS[random(FAULTS.length)] ?? 'down';
    shop.services.setFault(fault, OPERATIONS[random(OPERATIONS.length)] ?? 'PaymentStatus');
  }
  const pauses = acts.map(() => random(12));
  await Promise.all(
    acts.map(async (act, index) => {
      await sleep(pauses[index]);
      // The reservation may have ended already; that is a race, too.
      await act().catch(() => undefined);
    }),
  );
  shop.services.clearFaults();
  if (shop.services.payments.get(`${id}:1`)?.status === 'PROCESSING') {
    shop.services.settlePayment(id, random(2) === 0 ? 'SUCCEEDED' : 'FAILED');
  }
  return id;
};

describe('concurrent payments, cancellations and expiries', () => {
  it('complete each order once, with matching stock and payment', async () => {
    const random = makeRandom(SEED);
    const ids: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) ids.push(await race(random, round));
    // Orders that are still pending expire.
    for (const id of ids) await expire(id);
    await eventually(async () => {
      await shop.makeOrdersDue();
      expect(await shop.findDueOrders()).toEqual([]);
    }, 120_000);
    const ledgers = await Promise.all(ids.map((id) => ledgerOf(shop, id)));
    expect({ seed: SEED, ledgers }).toEqual({ seed: SEED, ledgers: ledgers.map(expectedLedger) });
    // The races must have had both results.
    expect(new Set(ledgers.map((ledger) => ledger.status))).toEqual(
      new Set(['CONFIRMED', 'CANCELLED']),
    );
    expect(await shop.sumConfirmed()).toBe(shop.services.sumCaptured());
  }, 170_000);
});
