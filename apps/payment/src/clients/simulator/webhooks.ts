import { z } from 'zod';
import type { ChargeClaim, WebhookEvent } from '../../domain/payment-provider.ts';
import type { ScheduledWebhook, SimulatedCharge } from './ledger.ts';
import { draw, findMethod, makeReference } from './methods.ts';
import { SIGNATURE_HEADER, signWebhook, verifyWebhook } from './signature.ts';

/** Where the simulator sends its webhooks, and which faults it injects. */
export type WebhookOptions = {
  readonly url: string;
  readonly secret: string;
  /** `late`: none for an outcome that the answer to its request has; `all`: also these. */
  readonly sends: 'late' | 'all';
  /** How often each webhook is sent. */
  readonly duplicates: number;
  /** The fraction of webhooks that are lost. */
  readonly drop: number;
  /** The fraction of charges whose webhooks arrive in the wrong order. */
  readonly reorder: number;
};

const DELIVERY_TIMEOUT_MS = 5_000;

/** The delay of a webhook that arrives in the wrong order. */
const REORDER_MS = 300;

const eventBody = z.object({
  id: z.string().min(1).max(255),
  type: z.string().optional(),
  data: z.object({ object: z.object({ reference: z.string(), idempotency_key: z.string() }) }),
});

type EventType =
  'charge.processing' | 'charge.succeeded' | 'charge.failed' | 'refund.succeeded' | 'refund.failed';

const CLAIMS: Readonly<Record<string, ChargeClaim>> = {
  'charge.processing': 'PROCESSING',
  'charge.succeeded': 'SUCCEEDED',
  'charge.failed': 'FAILED',
} satisfies Partial<Record<EventType, ChargeClaim>>;

/** Makes the sender and the parser of webhooks. The seed determines the injected faults. */
export const makeWebhooks = (seed: string, options: WebhookOptions) => {
  const schedule = (
    type: EventType,
    charge: SimulatedCharge,
    at: Date,
    key = charge.idempotencyKey,
  ): readonly ScheduledWebhook[] => {
    const id = makeReference('evt', seed, `${type}\n${key}`);
    const object = { reference: charge.reference, idempotency_key: charge.idempotencyKey };
    const created = Math.floor(at.getTime() / 1_000);
    const body = JSON.stringify({ id, type, created, data: { object } });
    const copies = Math.max(options.duplicates, findMethod(charge.method)?.copies ?? 1);
    return Array.from({ length: copies }, () => ({ body, at })).filter(
      (_, copy) => draw(seed, `drop\n${id}\n${copy}`) >= options.drop,
    );
  };

  const isReordered = ({ method, idempotencyKey }: SimulatedCharge): boolean =>
    findMethod(method)?.reorders === true ||
    draw(seed, `reorder\n${idempotencyKey}`) < options.reorder;

  /** Whether the answer to the charge has an outcome of this time. A request that hangs has none. */
  const isAnswered = (at: Date, { method }: SimulatedCharge): boolean =>
    options.sends === 'late' && at.getTime() <= Date.now() && !findMethod(method)?.hangs;

  return {
    /** The webhooks of a new charge. */
    scheduleCharge: (charge: SimulatedCharge): readonly ScheduledWebhook[] => {
      const { succeedsAt, declinesAt } = charge;
      const settledAt = succeedsAt ?? declinesAt ?? new Date();
      const outcome = [
        ...(declinesAt && !isAnswered(declinesAt, charge)
          ? schedule('charge.failed', charge, declinesAt)
          : []),
        ...(succeedsAt && !isAnswered(succeedsAt, charge)
          ? schedule('charge.succeeded', charge, succeedsAt)
          : []),
      ];
      const afterwards = new Date(settledAt.getTime() + REORDER_MS);
      if (isReordered(charge))
        return [...outcome, ...schedule('charge.processing', charge, afterwards)];
      return settledAt.getTime() > Date.now()
        ? [...schedule('charge.processing', charge, new Date()), ...outcome]
        : outcome;
    },

    /** The webhooks of a new refund, whose outcome the answer to its request has. */
    scheduleRefund: (
      charge: SimulatedCharge,
      refundKey: string,
      succeeds: boolean,
    ): readonly ScheduledWebhook[] =>
      options.sends === 'all'
        ? schedule(succeeds ? 'refund.succeeded' : 'refund.failed', charge, new Date(), refundKey)
        : [],

    /** Sends one webhook, signed now. @throws when the response is not 2xx */
    deliver: async (body: string): Promise<void> => {
      const response = await fetch(options.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          [SIGNATURE_HEADER]: signWebhook(options.secret, body),
        },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(DELIVERY_TIMEOUT_MS),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the response to the webhook was ${response.status}`);
    },

    /** Parses a received webhook; null when its signature or content is not valid. */
    parse: (payload: string, signature: string): WebhookEvent | null => {
      if (!verifyWebhook(options.secret, payload, signature)) return null;
      let json: unknown;
      try {
        json = JSON.parse(payload);
      } catch {
        return null;
      }
      const { data } = eventBody.safeParse(json);
      if (!data) return null;
      const { id, type = '' } = data;
      const { reference, idempotency_key: key } = data.data.object;
      const claim = Object.hasOwn(CLAIMS, type) ? (CLAIMS[type] ?? null) : null;
      return { id, claim, charge: { reference, key } };
    },
  };
};

export type Webhooks = ReturnType<typeof makeWebhooks>;
