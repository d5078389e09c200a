import { ShopError } from '@cartograph/errors';
import { Type } from 'typebox';
import type { RestApp } from '../http/describe-api.ts';
import { RecordPaymentEventDocument } from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { documented } from '../input/documented.ts';
import { MAX_PARAM, textOf } from '../input/fields.ts';
import { answer, problems } from '../openapi/responses.ts';
import { unwrapOrThrow } from '../graph/unwrap-or-throw.ts';
import { ProblemError } from '../problems/problem-error.ts';

/** Not allowed in JSON (RFC 8259, section 7), and six times as long when escaped in another JSON text. */
// eslint-disable-next-line no-control-regex -- the pattern matches these characters
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

/**
 * Decodes a body without loss: encoded as UTF-8, the text gives the same bytes.
 * @returns null when the body is not UTF-8 text
 */
const readRawText = (body: unknown): string | null => {
  if (!Buffer.isBuffer(body) || body.length === 0) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    return CONTROL.test(text) ? null : text;
  } catch {
    return null;
  }
};

/** The signature header of each payment provider. */
const SIGNATURE_HEADERS = new Map([
  ['simulator', 'simulator-signature'],
  ['stripe', 'stripe-signature'],
]);

/** While a secret is rotated, Stripe signs with each one: 64 digits per signature. */
const MAX_SIGNATURE = 1_000;

const MAX_BODY_BYTES = 256 * 1024;

/** Each provider has members of its own. The payment service reads them once the signature is verified. */
const webhookEvent = Type.Object(
  {},
  {
    additionalProperties: true,
    description: 'An event of the provider, as it sends it. The signature covers its bytes.',
    ...documented({
      examples: [
        {
          id: 'evt_4b1f',
          type: 'charge.succeeded',
          created: 1_769_860_800,
          data: { object: { reference: 'sim_9c2d', idempotency_key: 'order-1' } },
        },
      ],
    }),
  },
);

const signatureHeaders = Type.Object(
  Object.fromEntries(
    [...SIGNATURE_HEADERS].map(([provider, header]) => [
      header,
      Type.Optional(
        textOf(MAX_SIGNATURE, {
          description: `Required of ${provider}: \`t=<Unix seconds>,v1=<HMAC-SHA256 in hex>\`.`,
          examples: [`t=1769860800,v1=${'0f'.repeat(32)}`],
        }),
      ),
    ]),
  ),
);

/** Limits concurrent requests to the graph, so that many webhooks leave connections to customers. */
const MAX_IN_FLIGHT = 32;

/** The content type that every body is read as, for any content type of the sender. */
const RAW = 'application/octet-stream';

/**
 * Webhooks of payment providers. The signature is over the bytes of the body, so the body is passed
 * on unchanged and not parsed before the signature is verified. The content type parsers are for
 * these routes only: register them as a plugin.
 */
export const webhookRoutes = (app: RestApp, graph: GraphClient): void => {
  let inFlight = 0;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(RAW, { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });

  app.post(
    '/v1/webhooks/payments/:provider',
    {
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        operationId: 'receivePaymentWebhook',
        summary: 'Receive a webhook of a payment provider',
        description:
          'The raw body, of any content type, with the provider’s signature header ' +
          '(`simulator-signature`, `stripe-signature`). A repeat has no effect.',
        tags: ['webhooks'],
        params: Type.Object({
          provider: Type.String({
            maxLength: MAX_PARAM,
            description: 'The payment provider.',
            ...documented({ enum: [...SIGNATURE_HEADERS.keys()] }),
          }),
        }),
        response: {
          200: answer(
            Type.Object({
              received: Type.Literal(true),
              duplicate: Type.Boolean({ description: 'Whether the event was received before.' }),
            }),
            { description: 'The event is stored. It is processed later.' },
          ),
          ...problems(
            'NOT_FOUND',
            'PAYLOAD_TOO_LARGE',
            'PAYMENT_EVENT_REFUSED',
            'UNSUPPORTED_MEDIA_TYPE',
          ),
        },
      },
      config: { documented: { body: webhookEvent, headers: signatureHeaders } },
      // Before the body is read.
      onRequest: async (request) => {
        const header = SIGNATURE_HEADERS.get(request.params.provider);
        if (header === undefined) throw new ProblemError('NOT_FOUND');
        const signature = request.headers[header];
        if (!signature || signature.length > MAX_SIGNATURE) {
          throw new ProblemError('PAYMENT_EVENT_REFUSED');
        }
        request.headers['content-type'] = RAW;
        // A webhook has no viewer; a provider may send credentials of its own.
        delete request.headers.authorization;
      },
    },
    async (request) => {
      const { provider } = request.params;
      const signature = String(request.headers[SIGNATURE_HEADERS.get(provider) ?? '']);
      const payload = readRawText(request.body);
      if (payload === null) throw new ProblemError('PAYMENT_EVENT_REFUSED');
      if (inFlight >= MAX_IN_FLIGHT) {
        throw new ShopError('UNAVAILABLE', undefined, { retryAfterSeconds: 1 });
      }
      inFlight += 1;
      try {
        const result = await graph.execute(
          request,
          RecordPaymentEventDocument,
          { input: { provider, payload, signature } },
          (data) => data.recordPaymentEvent,
        );
        return { received: true as const, duplicate: unwrapOrThrow(result).duplicate };
      } finally {
        inFlight -= 1;
      }
    },
  );
};
