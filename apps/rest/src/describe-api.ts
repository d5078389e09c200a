import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { problemSchema } from './problems/problem-body.ts';
import { sentenceOf } from './problems/refusal.ts';
import { statuses, type Code } from './problems/statuses.ts';
import { activeSessionSchema } from './views/active-session.ts';
import { categorySchema } from './views/category.ts';
import { orderEventSchema } from './views/order-event.ts';
import { orderSchema, paidOrderSchema } from './views/order.ts';
import { paymentSchema } from './views/payment.ts';
import { productSchema } from './views/product.ts';
import { reference } from './views/reference.ts';
import { refundSchema } from './views/refund.ts';
import { sessionSchema } from './views/session.ts';
import { stockMovementSchema } from './views/stock-movement.ts';
import { userSchema } from './views/user.ts';

const NAMED = [
  activeSessionSchema,
  categorySchema,
  orderEventSchema,
  orderSchema,
  paidOrderSchema,
  paymentSchema,
  problemSchema,
  productSchema,
  refundSchema,
  sessionSchema,
  stockMovementSchema,
  userSchema,
];

/** For routes that answer a signed-in account only. */
export const signedIn = [{ bearer: [] }];

/** Any route can meet these. */
const ALWAYS: readonly Code[] = ['INTERNAL', 'UNAVAILABLE', 'VALIDATION_FAILED'];

/** Routes with a body can meet these as well. */
export const unreadable: readonly Code[] = [
  'MALFORMED_REQUEST',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
];

/**
 * The problems that a route can answer, for its response schema. The type has no member on
 * purpose: problems are thrown, a handler never returns one.
 */
export const problems = (...codes: readonly Code[]): Record<never, never> => {
  const byStatus = Map.groupBy(new Set([...codes, ...ALWAYS]), (code) => statuses[code]);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `${code}: ${sentenceOf(code)}`).join('\n\n'),
        content: { 'application/problem+json': { schema: reference(problemSchema) } },
      },
    ]),
  );
};

/** Serves `/openapi.json` and `/docs`, made from the schemas of the routes that come after. */
export const describeApi = async (app: FastifyInstance): Promise<void> => {
  for (const schema of NAMED) app.addSchema(schema);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Cartograph',
        description: 'The shop over REST: a thin door to its graph.',
        version: '1.0.0',
      },
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
    },
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) =>
        typeof json['$id'] === 'string' ? json['$id'] : `schema-${index}`,
    },
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    // A shop that is tried out over plain HTTP has no https to be sent to.
    transformStaticCSP: (header) => header.replace('upgrade-insecure-requests;', ''),
  });
};
