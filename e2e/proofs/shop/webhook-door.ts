import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A webhook as the simulator sends it: its raw body, and the signature over that. */
export type Webhook = { readonly body: string; readonly signature: string };

/** Takes a webhook in. @returns whether it is taken; one that is not will be sent again */
export type TakeWebhook = (webhook: Webhook) => Promise<boolean>;

/** Opens the address that the simulator sends its webhooks to, in the place of the REST door. */
export const openWebhookDoor = async () => {
  let take: TakeWebhook = async () => false;
  const server = createServer((request, response) => {
    const answer = async () => {
      const signature = String(request.headers['simulator-signature']);
      const isTaken = await take({ body: await text(request), signature });
      response.writeHead(isTaken ? 200 : 503).end();
    };
    answer().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    /** Says who takes what comes from now on. */
    handTo: (taker: TakeWebhook) => void (take = taker),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
