import { describe, expect, it } from 'vitest';
import {
  effectOf,
  mustClosePayment,
  nextStep,
  type OrderState,
  type OrderWork,
} from './next-step.ts';
import type { CancellationReason, Order } from './order.ts';
import type { PaymentOutcome } from './payment-client.ts';

const MINUTE_MS = 60_000;
const createdAt = new Date('2026-01-01T00:00:00Z');
const at = (minutes: number) => new Date(createdAt.getTime() + minutes * MINUTE_MS);

const NOTHING: OrderWork = {
  paymentStartedAt: null,
  paymentOutcome: null,
  stockSettledAt: null,
  refundOwedAt: null,
  refundedAt: null,
};

const pending = {
  id: 'order',
  status: 'PENDING',
  cancellation: null,
  createdAt,
  reservedUntil: at(15),
} as unknown as Order;
const confirmed: Order = { ...pending, status: 'CONFIRMED' };
const cancelled = (reason: CancellationReason = 'CUSTOMER_REQUEST'): Order => ({
  ...pending,
  status: 'CANCELLED',
  cancellation: { reason, at: at(1) },
});

const stateOf = (order: Order, work: Partial<OrderWork>, minutes = 1): OrderState => ({
  order,
  work: { ...NOTHING, ...work },
  now: at(minutes),
});

const started = { paymentStartedAt: at(0) };
const paid = { ...started, paymentOutcome: 'SUCCEEDED' };
const owed = { ...paid, refundOwedAt: at(1) };

describe('the next step of an order', () => {
  it.each<[string, OrderState, ReturnType<typeof nextStep>]>([
    ['a new one waits for its expiry', stateOf(pending, {}), { step: 'WAIT', until: at(15.5) }],
    ['one without a payment expires', stateOf(pending, {}, 15.5), { step: 'EXPIRE' }],
    ['a started payment is checked', stateOf(pending, started), { step: 'CHECK_PAYMENT' }],
    [
      'it is checked after its expiry too',
      stateOf(pending, started, 99),
      { step: 'CHECK_PAYMENT' },
    ],
    ['stock of a paid one is committed', stateOf(confirmed, paid), { step: 'SETTLE_STOCK' }],
    [
      'stock of a cancelled one is released',
      stateOf(cancelled(), started),
      { step: 'SETTLE_STOCK' },
    ],
    ['a refund comes before the stock', stateOf(cancelled(), owed), { step: 'REFUND' }],
    [
      'a payment of a cancelled one is checked',
      stateOf(cancelled(), { ...started, stockSettledAt: at(1) }),
      { step: 'CHECK_PAYMENT' },
    ],
    ['a settled one has none', stateOf(confirmed, { ...paid, stockSettledAt: at(1) }), null],
    [
      'a refunded one has none',
      stateOf(cancelled(), { ...owed, stockSettledAt: at(1), refundedAt: at(1) }),
      null,
    ],
  ])('%s', (_what, state, step) => {
    expect(nextStep(state)).toEqual(step);
  });
});

describe('an attempt without a payment', () => {
  it.each<[string, OrderState, boolean]>([
    ['of a pending order is left open', stateOf(pending, started), false],
    ['is closed when its order expires', stateOf(pending, started, 15.5), true],
    ['is closed when its order was cancelled', stateOf(cancelled(), started), true],
    ['that was never started needs no closing', stateOf(pending, {}, 16), false],
  ])('%s', (_what, state, expected) => {
    expect(mustClosePayment(state)).toBe(expected);
  });
});

describe('the effect of a payment', () => {
  const success = { status: 'SUCCEEDED' } as const;
  const decline = { status: 'FAILED', reason: 'card_declined' } as const;
  const processing = { status: 'PROCESSING' } as const;
  const cancel = (reason: string, payment: object) => ({ effect: 'CANCEL', reason, payment });

  it.each<[string, OrderState, PaymentOutcome | null, object]>([
    [
      'success confirms',
      stateOf(pending, started),
      success,
      { effect: 'CONFIRM', payment: { paymentResult: 'SUCCEEDED' } },
    ],
    [
      'success after the end is refunded',
      stateOf(cancelled(), {}),
      success,
      { effect: 'OWE_REFUND' },
    ],
    [
      'a decline cancels',
      stateOf(pending, started),
      decline,
      cancel('PAYMENT_FAILED', { paymentResult: 'card_declined' }),
    ],
    [
      'a refunded one does not pay',
      stateOf(pending, started),
      { status: 'REFUNDED' },
      // Its outcome stays open, so that the cancelled order is checked, and owes the refund.
      cancel('PAYMENT_FAILED', {}),
    ],
    [
      'a refunded one after the end is owed: its refund may be returned',
      stateOf(cancelled(), started),
      { status: 'REFUNDED' },
      { effect: 'OWE_REFUND' },
    ],
    [
      'a refunded one of a confirmed order is recorded',
      stateOf(confirmed, started),
      { status: 'REFUNDED' },
      { effect: 'RECORD_OUTCOME', outcome: 'REFUNDED' },
    ],
    [
      'a decline after the end is recorded',
      stateOf(cancelled(), started),
      decline,
      { effect: 'RECORD_OUTCOME', outcome: 'card_declined' },
    ],
    [
      'none after the end is recorded',
      stateOf(cancelled(), started),
      null,
      { effect: 'RECORD_OUTCOME', outcome: 'NONE' },
    ],
    ['none is polled', stateOf(pending, started, 8), null, { effect: 'WAIT', until: at(10) }],
    [
      'none is polled again at the expiry',
      stateOf(pending, started, 15),
      null,
      { effect: 'WAIT', until: at(15.5) },
    ],
    [
      'none at the expiry cancels',
      stateOf(pending, started, 15.5),
      null,
      cancel('EXPIRED', { paymentOutcome: 'NONE' }),
    ],
    [
      'a pending one is polled',
      stateOf(pending, started, 20),
      processing,
      { effect: 'WAIT', until: at(23) },
    ],
    [
      'it cancels after its timeout',
      stateOf(pending, started, 23),
      processing,
      cancel('EXPIRED', {}),
    ],
    [
      'it is polled after the end too',
      stateOf(cancelled('EXPIRED'), started, 24),
      processing,
      { effect: 'WAIT', until: at(30) },
    ],
  ])('%s', (_what, state, outcome, effect) => {
    expect(effectOf(state, outcome)).toEqual(effect);
  });
});
