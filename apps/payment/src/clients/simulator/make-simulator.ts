import type { Charge, PaymentProvider, ProviderOutcome } from '../../domain/payment-provider.ts';
import type { Ledger, SimulatedCharge } from './ledger.ts';
import { draw, findMethod, makeReference, METHODS, type Method } from './methods.ts';
import type { Webhooks } from './webhooks.ts';

/** Longer than the timeout of any caller. */
const HANG_MS = 60_000;

const hang = (): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(reject, HANG_MS, new Error('the simulator hung up')).unref();
  });

const toOutcome = ({ reference, succeedsAt, declinesAt }: SimulatedCharge): ProviderOutcome => {
  const now = new Date();
  if (succeedsAt && succeedsAt <= now) return { status: 'SUCCEEDED', reference };
  return declinesAt && declinesAt <= now
    ? { status: 'FAILED', reference, failureCode: 'card_declined' }
    : { status: 'PROCESSING', reference };
};

/**
 * Makes a payment provider that moves no money. Outcomes depend only on the payment method, the seed
 * and the key of the charge; a ledger stores them.
 * @param options.delayMs how long delayed charges are pending
 */
export const makeSimulator = (options: {
  seed: string;
  delayMs: number;
  ledger: Ledger;
  webhooks: Webhooks;
}): PaymentProvider => {
  const { seed, ledger, webhooks } = options;

  const makeCharge = (charge: Charge, method: Method): SimulatedCharge => {
    const { idempotencyKey } = charge;
    const later = new Date(Date.now() + options.delayMs);
    const settledAt = method.isDelayed ? later : new Date();
    const succeeds = method.succeeds(draw(seed, idempotencyKey));
    return {
      reference: makeReference('sim', seed, idempotencyKey),
      idempotencyKey,
      method: charge.method,
      amountCents: charge.amount.amount,
      currency: charge.amount.currency,
      succeedsAt: succeeds ? (method.capturesLate ? later : settledAt) : null,
      declinesAt: method.capturesLate || !succeeds ? settledAt : null,
    };
  };

  return {
    name: 'simulator',
    defaultMethod: 'sim_success',
    keyLifetimeMs: Number.POSITIVE_INFINITY,
    methods: Object.keys(METHODS).map((name) => ({ name, kind: 'NAME' })),
    acceptsMethod: (method) => findMethod(method) !== null,
    acceptsAmount: () => true,

    charge: async (charge) => {
      const method = findMethod(charge.method);
      if (!method) throw new Error(`the simulator has no method ${charge.method}`);
      if (method.errors && (await ledger.countCall(charge.idempotencyKey)) <= method.errors) {
        throw new Error('the simulator failed');
      }
      const made = makeCharge(charge, method);
      const stored = await ledger.insertCharge(made, webhooks.scheduleCharge(made));
      if (method.hangs && stored.isNew) return hang();
      return toOutcome(stored.charge);
    },

    find: async ({ idempotencyKey }) => {
      const charge = await ledger.findCharge(idempotencyKey);
      return charge && toOutcome(charge);
    },

    // `find` always succeeds by the key.
    search: async () => null,

    refund: async ({ idempotencyKey, reference, amount }): Promise<ProviderOutcome> => {
      const refund = await ledger.insertRefund(
        {
          reference: makeReference('simre', seed, idempotencyKey),
          idempotencyKey,
          chargeReference: reference,
          amountCents: amount.amount,
        },
        (charge, refunded) => {
          if (charge === null || toOutcome(charge).status !== 'SUCCEEDED') {
            return { failureCode: 'charge_not_found', webhooks: [] };
          }
          const chance = draw(seed, `refund\n${idempotencyKey}`);
          const failureCode = findMethod(charge.method)?.declinesRefund?.(chance)
            ? 'refund_declined'
            : refunded + amount.amount > charge.amountCents
              ? 'more_than_charged'
              : null;
          const scheduled = webhooks.scheduleRefund(charge, idempotencyKey, failureCode === null);
          return { failureCode, webhooks: scheduled };
        },
      );
      return refund.failureCode === null
        ? { status: 'SUCCEEDED', reference: refund.reference }
        : { status: 'FAILED', reference: refund.reference, failureCode: refund.failureCode };
    },

    // The simulator never returns a refund.
    findRefund: async () => null,

    parseWebhookEvent: webhooks.parse,
  };
};
