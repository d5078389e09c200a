import { z } from 'zod';
import type { ProviderNews } from '../../domain/payment-provider.ts';
import type { BookedCharge, PlannedWebhook } from './books.ts';
import { draw, findMethod, makeName } from './methods.ts';
import { SIGNATURE_HEADER, signWebhook, verifyWebhook } from './signature.ts';

/** Where the simulator tells its news, and what goes wrong with them. */
export type WebhookOptions = {
  readonly url: string;
  readonly secret: string;
  /** How often each is sent. */
  readonly duplicates: number;
  /** The part of them that gets lost, of 1. */
  readonly drop: number;
  /** The part of charges whose webhooks arrive in the wrong order, of 1. */
  readonly reorder: number;
};

/** How long one delivery may take. */
const DELIVERY_TIMEOUT_MS = 5_000;

/** What comes in the wrong order comes this much later than it should. */
const REORDER_MS = 300;

const eventBody = z.object({
  id: z.string().min(1).max(255),
  data: z.object({ object: z.object({ reference: z.string(), idempotency_key: z.string() }) }),
});

type EventType =
  'charge.processing' | 'charge.succeeded' | 'charge.failed' | 'refund.succeeded' | 'refund.failed';

/** Makes the simulator's post office. What is lost or doubled follows from the seed. */
export const makeWebhooks = (seed: string, options: WebhookOptions) => {
  const plan = (
    type: EventType,
    charge: BookedCharge,
    at: Date,
    about = charge.idempotencyKey,
  ): readonly PlannedWebhook[] => {
    const id = makeName('evt', seed, `${type}\n${about}`);
    const object = { reference: charge.reference, idempotency_key: charge.idempotencyKey };
    const created = Math.floor(at.getTime() / 1_000);
    const body = JSON.stringify({ id, type, created, data: { object } });
    const copies = Math.max(options.duplicates, findMethod(charge.method)?.copies ?? 1);
    return Array.from({ length: copies }, () => ({ body, at })).filter(
      (_, copy) => draw(seed, `drop\n${id}\n${copy}`) >= options.drop,
    );
  };

  const isReordered = ({ method, idempotencyKey }: BookedCharge): boolean =>
    findMethod(method)?.reorders === true ||
    draw(seed, `reorder\n${idempotencyKey}`) < options.reorder;

  return {
    /** The webhooks of a charge that is made now. */
    planCharge: (charge: BookedCharge): readonly PlannedWebhook[] => {
      const { succeedsAt, declinesAt } = charge;
      const decidedAt = succeedsAt ?? declinesAt ?? new Date();
      const news = [
        ...(declinesAt ? plan('charge.failed', charge, declinesAt) : []),
        ...(succeedsAt ? plan('charge.succeeded', charge, succeedsAt) : []),
      ];
      const afterwards = new Date(decidedAt.getTime() + REORDER_MS);
      if (isReordered(charge)) return [...news, ...plan('charge.processing', charge, afterwards)];
      return decidedAt.getTime() > Date.now()
        ? [...plan('charge.processing', charge, new Date()), ...news]
        : news;
    },

    /** The webhooks of a refund that is made now. */
    planRefund: (
      charge: BookedCharge,
      refundKey: string,
      isGiven: boolean,
    ): readonly PlannedWebhook[] =>
      plan(isGiven ? 'refund.succeeded' : 'refund.failed', charge, new Date(), refundKey),

    /**
     * Delivers one webhook, signed as of now.
     * @throws when it is not taken
     */
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
      if (!response.ok) throw new Error(`the webhook was answered ${response.status}`);
    },

    /** Reads a webhook as its receiver does; null when it is not the simulator's. */
    read: (payload: string, signature: string): ProviderNews | null => {
      if (!verifyWebhook(options.secret, payload, signature)) return null;
      let json: unknown;
      try {
        json = JSON.parse(payload);
      } catch {
        return null;
      }
      const { data } = eventBody.safeParse(json);
      if (!data) return null;
      const { reference, idempotency_key: key } = data.data.object;
      return { id: data.id, charge: { reference, key } };
    },
  };
};

export type Webhooks = ReturnType<typeof makeWebhooks>;
