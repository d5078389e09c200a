import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import { problemSchema } from '../problems/problem-body.ts';
import { type Code, sentenceOf, statuses } from '../problems/problem-error.ts';
import { activeSessionSchema, sessionSchema, userSchema } from '../views/session.ts';
import { categorySchema, productSchema, stockMovementSchema } from '../views/product.ts';
import { orderEventSchema, orderSchema, paidOrderSchema } from '../views/order.ts';
import { paymentSchema, refundSchema } from '../views/payment.ts';
import { reference } from '../input/fields.ts';

/** The server. The types of a request follow from its schema. */
export type RestApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

const SCHEMAS = [
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

/** For routes that require a signed-in account. */
export const signedIn = [{ bearer: [] }];

/** Problems of every route. */
const ALWAYS: readonly Code[] = ['INTERNAL', 'UNAVAILABLE', 'VALIDATION_FAILED'];

/** Problems of every route with a body. */
export const bodyProblems: readonly Code[] = [
  'MALFORMED_REQUEST',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
];

/**
 * The problems of a route, for its response schema. The type has no members because a handler throws
 * problems and never returns them.
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

/** In place of Swagger's bar, whose logo and search field are not this shop's. */
const THEME = {
  title: 'Cartograph REST API',
  css: [{ filename: 'theme.css', content: '.swagger-ui .topbar { display: none }' }],
};

/** Serves `/openapi.json` and `/docs`, to which `/` redirects, from the schemas of the routes that are registered later. */
export const describeApi = async (app: FastifyInstance): Promise<void> => {
  for (const schema of SCHEMAS) app.addSchema(schema);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Cartograph',
        description:
          'The REST API of the shop, over its GraphQL API. To sign in, send `POST /v1/auth/login`, ' +
          'then press **Authorize** and paste the `access_token` of the response.',
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
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs'));
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: THEME,
    staticCSP: true,
    // A local shop has no https.
    transformStaticCSP: (header) => header.replace('upgrade-insecure-requests;', ''),
  });
};
