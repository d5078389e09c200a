import { createHash } from 'node:crypto';
import type { Shop } from './open-shop.ts';
import type { Webhook } from './webhook-door.ts';

/** The parts of all webhooks that come late and never, of 1. */
export type Trouble = { readonly late: number; readonly lost: number };

/**
 * Puts itself between the provider and the shop, keeps a part of the news back until they are asked
 * for, and loses another part, however often they are sent. Which ones follows from the seed.
 */
export const openLateMail = (shop: Shop, options: { seed: number; trouble: Trouble }) => {
  const { late, lost } = options.trouble;
  const kept: Webhook[] = [];
  let count = 0;

  /** By the kind of news and the charge, in the order of creation: ids differ from run to run. */
  const places = new Map<string, number>();
  const drawFor = ({ body }: Webhook): number => {
    const place = places.get(body) ?? places.size;
    places.set(body, place);
    const hash = createHash('sha256').update(`${options.seed}\n${place}`).digest();
    return hash.readUInt32BE(0) / 2 ** 32;
  };

  shop.door.handTo(async (webhook) => {
    count += 1;
    const draw = drawFor(webhook);
    // The provider takes these for delivered.
    if (draw < lost) return true;
    if (draw >= lost + late) return shop.record(webhook);
    kept.push(webhook);
    return true;
  });
  return {
    /** How many came. */
    count: () => count,
    deliverAll: async (): Promise<void> => {
      for (const webhook of kept.splice(0)) {
        if (!(await shop.record(webhook))) throw new Error('a late webhook was refused');
      }
    },
  };
};
