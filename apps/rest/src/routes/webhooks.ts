import { ShopError } from '@cartograph/errors';
import { Type } from 'typebox';
import { problems } from '../describe-api.ts';
import { RecordPaymentEventDocument } from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { readRawText } from '../input/raw-text.ts';
import { MAX_PARAM } from '../input/texts.ts';
import { orRefuse } from '../problems/or-refuse.ts';
import { Refusal } from '../problems/refusal.ts';
import type { RestApp } from '../rest-app.ts';

/** Where each payment provider puts its signature. */
const SIGNATURE_HEADERS = new Map([
  ['simulator', 'simulator-signature'],
  ['stripe', 'stripe-signature'],
]);

/** Stripe signs with each of its secrets while one is rotated: 64 digits for each. */
const MAX_SIGNATURE = 1_000;

const LARGEST_BYTES = 256 * 1024;

/** Handed to the graph at once. A flood of more must not take its connections from customers. */
const MOST_AT_ONCE = 32;

/** What this door calls a body of any type: nothing here depends on what its sender calls it. */
const RAW = 'application/octet-stream';

/**
 * What payment providers tell. The signature proves whose it is and is over the bytes of the body,
 * so those are handed on as they came, and nobody reads them before it is verified. The content
 * types of this part of the door are its own: register it as a plugin.
 */
export const webhookRoutes = (app: RestApp, graph: GraphClient): void => {
  let underWay = 0;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(RAW, { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });

  app.post(
    '/v1/webhooks/payments/:provider',
    {
      bodyLimit: LARGEST_BYTES,
      schema: {
        summary: 'Take in what a payment provider tells',
        description:
          'For providers: the raw body, of any content type, and the provider’s signature header ' +
          '(`simulator-signature`, `stripe-signature`). A repeat changes nothing.',
        tags: ['webhooks'],
        params: Type.Object({
          provider: Type.String({ maxLength: MAX_PARAM, description: '`simulator`, `stripe`.' }),
        }),
        response: {
          200: Type.Object({
            received: Type.Literal(true),
            duplicate: Type.Boolean({ description: 'Whether it had come before.' }),
          }),
          ...problems('NOT_FOUND', 'PAYLOAD_TOO_LARGE', 'PAYMENT_EVENT_REFUSED'),
        },
      },
      // Before the body is read: whoever proves nothing sends it in vain.
      onRequest: async (request) => {
        const header = SIGNATURE_HEADERS.get(request.params.provider);
        if (header === undefined) throw new Refusal('NOT_FOUND');
        const signature = request.headers[header];
        if (!signature || signature.length > MAX_SIGNATURE) {
          throw new Refusal('PAYMENT_EVENT_REFUSED');
        }
        request.headers['content-type'] = RAW;
        // Nobody is signed in here, whatever the provider was given as credentials of its own.
        delete request.headers.authorization;
      },
    },
    async (request) => {
      const { provider } = request.params;
      const signature = String(request.headers[SIGNATURE_HEADERS.get(provider) ?? '']);
      const payload = readRawText(request.body);
      if (payload === null) throw new Refusal('PAYMENT_EVENT_REFUSED');
      if (underWay >= MOST_AT_ONCE) {
        throw new ShopError('UNAVAILABLE', undefined, { retryAfterSeconds: 1 });
      }
      underWay += 1;
      try {
        const result = await graph.ask(
          request,
          RecordPaymentEventDocument,
          { input: { provider, payload, signature } },
          (data) => data.recordPaymentEvent,
        );
        return { received: true as const, duplicate: orRefuse(result).duplicate };
      } finally {
        underWay -= 1;
      }
    },
  );
};
