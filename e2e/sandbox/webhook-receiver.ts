import { text } from 'node:stream/consumers';
import { startHttpServer } from '@cartograph/testing';

/** A webhook as the simulator sends it: its raw body, and the signature of that. */
export type Webhook = { readonly body: string; readonly signature: string };

/** @returns whether the webhook is accepted; the simulator sends it again if not */
export type WebhookHandler = (webhook: Webhook) => Promise<boolean>;

/** Receives the simulator's webhooks in the place of the REST API. */
export const openWebhookReceiver = async (initial: WebhookHandler) => {
  let handle = initial;
  const server = await startHttpServer((request, response) => {
    const respond = async () => {
      const signature = String(request.headers['simulator-signature']);
      const isAccepted = await handle({ body: await text(request), signature });
      response.writeHead(isAccepted ? 200 : 503).end();
    };
    respond().catch(() => response.destroy());
  });
  return { ...server, handleWith: (handler: WebhookHandler) => void (handle = handler) };
};
