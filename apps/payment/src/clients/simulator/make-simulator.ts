import type {
  Charge,
  ChargeOutcome,
  PaymentProvider,
  RefundOutcome,
} from '../../domain/payment-provider.ts';
import type { BookedCharge, SimulatorBooks } from './books.ts';
import { draw, findMethod, makeName, type Method } from './methods.ts';
import type { Webhooks } from './webhooks.ts';

/** Longer than anybody waits for an answer. */
const HANG_MS = 60_000;

const hang = (): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(reject, HANG_MS, new Error('the simulator hung up')).unref();
  });

const toOutcome = ({ reference, succeedsAt, declinesAt }: BookedCharge): ChargeOutcome => {
  const now = new Date();
  if (succeedsAt && succeedsAt <= now) return { status: 'SUCCEEDED', reference };
  return declinesAt && declinesAt <= now
    ? { status: 'FAILED', reference, failureCode: 'card_declined' }
    : { status: 'PROCESSING', reference };
};

/**
 * Makes a payment provider that moves no money. What it decides follows from the payment method,
 * the seed and the charge's key alone; its own books keep what it has done.
 * @param options.delayMs when it decides what it decides late
 */
export const makeSimulator = (options: {
  seed: string;
  delayMs: number;
  books: SimulatorBooks;
  webhooks: Webhooks;
}): PaymentProvider => {
  const { seed, books, webhooks } = options;

  const makeCharge = (charge: Charge, method: Method): BookedCharge => {
    const { idempotencyKey } = charge;
    const later = new Date(Date.now() + options.delayMs);
    const decidedAt = method.decides === 'later' ? later : new Date();
    const succeeds = method.succeeds(draw(seed, idempotencyKey));
    return {
      reference: makeName('sim', seed, idempotencyKey),
      idempotencyKey,
      method: charge.method,
      amountCents: charge.amount.amount,
      currency: charge.amount.currency,
      succeedsAt: succeeds ? (method.changesItsMind ? later : decidedAt) : null,
      declinesAt: method.changesItsMind || !succeeds ? decidedAt : null,
    };
  };

  return {
    name: 'simulator',
    defaultMethod: 'sim_success',
    keyLifetimeMs: Number.POSITIVE_INFINITY,
    acceptsMethod: (method) => findMethod(method) !== null,
    acceptsAmount: () => true,

    charge: async (charge) => {
      const method = findMethod(charge.method);
      if (!method) throw new Error(`the simulator has no method ${charge.method}`);
      if (method.errors && (await books.countCall(charge.idempotencyKey)) <= method.errors) {
        throw new Error('the simulator is out of order');
      }
      const made = makeCharge(charge, method);
      const booked = await books.bookCharge(made, webhooks.planCharge(made));
      if (method.hangs && booked.isNew) return hang();
      return toOutcome(booked.charge);
    },

    find: async ({ idempotencyKey }) => {
      const charge = await books.findCharge(idempotencyKey);
      return charge && toOutcome(charge);
    },

    // It finds everything by its key.
    search: async () => null,

    refund: async ({ idempotencyKey, reference, amount }): Promise<RefundOutcome> => {
      const refund = await books.bookRefund(
        {
          reference: makeName('simre', seed, idempotencyKey),
          idempotencyKey,
          chargeReference: reference,
          amountCents: amount.amount,
        },
        (charge, given) => {
          if (charge === null || toOutcome(charge).status !== 'SUCCEEDED') {
            return { failureCode: 'charge_not_found', webhooks: [] };
          }
          const chance = draw(seed, `refund\n${idempotencyKey}`);
          const failureCode = findMethod(charge.method)?.declinesRefund?.(chance)
            ? 'refund_declined'
            : given + amount.amount > charge.amountCents
              ? 'more_than_charged'
              : null;
          const news = webhooks.planRefund(charge, idempotencyKey, failureCode === null);
          return { failureCode, webhooks: news };
        },
      );
      return refund.failureCode === null
        ? { status: 'SUCCEEDED', reference: refund.reference }
        : { status: 'FAILED', reference: refund.reference, failureCode: refund.failureCode };
    },

    // What it gave it never takes back.
    findRefund: async () => null,

    readNews: webhooks.read,
  };
};
