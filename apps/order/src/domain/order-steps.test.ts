import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { effectOf, nextStep, type OrderState, type OrderWork } from './next-step.ts';
import type { CancellationReason, Order } from './order.ts';
import type { PaymentOutcome } from './payment-client.ts';

const createdAt = new Date('2026-01-01T00:00:00Z');
const at = (minutes: number) => new Date(createdAt.getTime() + minutes * 60_000);

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

const started = { paymentStartedAt: at(0) };
const paid = { ...started, paymentOutcome: 'SUCCEEDED' };

const stateOf = (order: Order, work: Partial<OrderWork>): OrderState => ({
  order,
  work: {
    paymentStartedAt: null,
    paymentOutcome: null,
    stockSettledAt: null,
    refundOwedAt: null,
    refundedAt: null,
    ...work,
  },
  now: at(1),
});

/** As the database's orders_due_check. */
const satisfiesCheck = ({ order, work }: OrderState): boolean =>
  order.status !== 'PENDING' &&
  work.stockSettledAt !== null &&
  (work.paymentStartedAt === null || work.paymentOutcome !== null) &&
  (work.refundOwedAt === null || work.refundedAt !== null);

/** Writes a step as the statements of db/ do. @returns the new state, and when it is due next */
const doStep = (state: OrderState, outcome: PaymentOutcome | null, isStockGone: boolean) => {
  const { order, work, now } = state;
  const write = (status: Order, change: Partial<OrderWork>) => ({
    state: { order: status, work: { ...work, ...change }, now },
    dueAt: now,
  });
  const next = nextStep(state);
  switch (next?.step) {
    case undefined:
      return { state, dueAt: null };
    case 'WAIT':
      return { state, dueAt: next.until };
    case 'EXPIRE':
      return write(cancelled('EXPIRED'), {});
    case 'REFUND':
      return write(order, { refundedAt: now });
    case 'SETTLE_STOCK':
      return order.status === 'CONFIRMED' && isStockGone
        ? write(cancelled('OUT_OF_STOCK'), { refundOwedAt: now })
        : write(order, { stockSettledAt: now });
    case 'CHECK_PAYMENT': {
      const effect = effectOf(state, outcome);
      switch (effect.effect) {
        case 'CONFIRM':
          return write(confirmed, { paymentOutcome: effect.payment.paymentResult });
        case 'CANCEL': {
          const { paymentResult, paymentOutcome = paymentResult ?? null } = effect.payment;
          return write(cancelled(effect.reason), { paymentOutcome });
        }
        case 'OWE_REFUND':
          return write(order, { paymentOutcome: 'SUCCEEDED', refundOwedAt: now });
        case 'RECORD_OUTCOME':
          return write(order, { paymentOutcome: effect.outcome });
        case 'WAIT':
          return { state, dueAt: effect.until };
      }
    }
  }
};

/** More steps than any order needs: polls grow apart, and every other step ends something. */
const MAX_STEPS = 100;

describe('any order', () => {
  const outcomes = fc.constantFrom<PaymentOutcome | null>(
    null,
    { status: 'PROCESSING' },
    { status: 'SUCCEEDED' },
    { status: 'REFUNDED' },
    { status: 'FAILED', reason: 'card_declined' },
  );
  const settled = outcomes.filter((outcome) => outcome?.status !== 'PROCESSING');

  it('ends, waits only for later, and is forgotten only with nothing left to do', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(pending, confirmed, cancelled(), cancelled('EXPIRED')),
        fc.boolean(),
        fc.array(outcomes, { maxLength: 20 }),
        settled,
        fc.boolean(),
        (order, isStarted, answers, last, isStockGone) => {
          const isPaid = order.status === 'CONFIRMED';
          let state = stateOf(order, isPaid ? paid : isStarted ? started : {});
          let isCaptured = isPaid;
          for (let step = 0; step < MAX_STEPS; step += 1) {
            const outcome = step < answers.length ? (answers[step] ?? null) : last;
            if (nextStep(state)?.step === 'CHECK_PAYMENT') {
              isCaptured = outcome?.status === 'SUCCEEDED' || outcome?.status === 'REFUNDED';
            }
            const done = doStep(state, outcome, isStockGone);
            if (done.dueAt === null) {
              expect(satisfiesCheck(state)).toBe(true);
              expect(state.order.status).not.toBe('PENDING');
              // Also a refund that was made may be returned: only a debt has it made again.
              if (state.order.status === 'CANCELLED') {
                expect(state.work.refundedAt !== null).toBe(isCaptured);
              }
              return;
            }
            if (done.state === state)
              expect(done.dueAt.getTime()).toBeGreaterThan(state.now.getTime());
            state = { ...done.state, now: done.dueAt };
          }
          throw new Error('it never ends');
        },
      ),
    );
  });
});
