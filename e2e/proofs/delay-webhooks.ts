import type { Sandbox } from '../sandbox/open-sandbox.ts';
import type { Webhook } from '../sandbox/webhook-receiver.ts';
import { draw } from './proof.ts';

/** The parts of all webhooks that are delayed and lost, from 0 to 1. */
export type WebhookFaults = { readonly delayed: number; readonly lost: number };

/**
 * Delays some webhooks until they are requested, and loses others, however often they are sent. Which
 * ones follows from the seed.
 */
export const delayWebhooks = (sandbox: Sandbox, seed: number, faults: WebhookFaults) => {
  const { delayed, lost } = faults;
  const queue: Webhook[] = [];
  let count = 0;

  /** Ids differ from run to run: webhooks are numbered as they first arrive. */
  const numbers = new Map<string, number>();
  const drawFor = ({ body }: Webhook): number => {
    const number = numbers.get(body) ?? numbers.size;
    numbers.set(body, number);
    return draw(seed, number);
  };

  sandbox.webhooks.handleWith(async (webhook) => {
    count += 1;
    const drawn = drawFor(webhook);
    // The provider believes that these are delivered.
    if (drawn < lost) return true;
    if (drawn >= lost + delayed) return sandbox.recordWebhook(webhook);
    queue.push(webhook);
    return true;
  });
  return {
    /** How many arrived. */
    count: () => count,
    deliverDelayed: async (): Promise<void> => {
      for (const webhook of queue.splice(0)) {
        if (!(await sandbox.recordWebhook(webhook))) throw new Error('a webhook was refused');
      }
    },
  };
};
