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
import { docsPage } from './docs-page.ts';
import { finishDocument } from '../openapi/finish-document.ts';
import { problemSchemas } from '../openapi/problem-schemas.ts';
import { REQUEST_HEADERS } from '../openapi/request-headers.ts';
import { RESPONSE_HEADERS } from '../openapi/response-headers.ts';
import { problemExamples } from '../openapi/responses.ts';
import { TAGS } from '../openapi/tags.ts';
import { problemSchema } from '../problems/problem-body.ts';
import { activeSessionSchema, sessionSchema, userSchema } from '../views/session.ts';
import { categorySchema, productSchema, stockMovementSchema } from '../views/product.ts';
import { orderStatusChangeSchema } from '../views/order-status.ts';
import { orderEventSchema, orderSchema, paidOrderSchema } from '../views/order.ts';
import { orderPreviewSchema } from '../views/order-preview.ts';
import { paymentMethodSchema, paymentSchema, refundSchema } from '../views/payment.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Parts of a request that only the document describes: the route reads them itself. */
    readonly documented?: Pick<FastifySchema, 'body' | 'headers' | 'params'>;
  }
}

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
  orderPreviewSchema,
  orderSchema,
  orderStatusChangeSchema,
  paidOrderSchema,
  paymentMethodSchema,
  paymentSchema,
  problemSchema,
  productSchema,
  refundSchema,
  sessionSchema,
  stockMovementSchema,
  userSchema,
  ...problemSchemas,
];

/** For routes that require a signed-in account. */
export const signedIn = [{ bearer: [] }];

/** For routes that need no account, and do more for one. */
export const optionallySignedIn = [{}, { bearer: [] }];

const DESCRIPTION =
  'The REST API of the shop, over its GraphQL API. To sign in, send `POST /v1/auth/login`, then press ' +
  '**Authorize** and paste the `access_token` of the response. A shop in development has a button for it ' +
  'at the top of this page.\n\n' +
  'Every error is a problem of RFC 9457 (`application/problem+json`). Its `code` is never renamed. ' +
  'Members may be added to any response: a client ignores those that it does not know.';

/**
 * Serves `/openapi.json` and `/docs`, to which `/` redirects, from the schemas of the routes that are
 * registered later.
 * @param isDevelopment adds a button to the documentation that signs in with the account of the demo
 */
export const describeApi = async (app: FastifyInstance, isDevelopment: boolean): Promise<void> => {
  for (const schema of SCHEMAS) app.addSchema(schema);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Cartograph',
        description: DESCRIPTION,
        version: '1.0.0',
        license: { name: 'MIT', identifier: 'MIT' },
        contact: { name: 'Cartograph', url: 'https://cartograph.example' },
      },
      servers: [
        { url: '/', description: 'The server that this document comes from.' },
        { url: 'http://localhost:8080', description: 'A shop that `npm start` runs.' },
      ],
      tags: TAGS,
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'The `access_token` of a session.',
          },
        },
        headers: RESPONSE_HEADERS,
        parameters: REQUEST_HEADERS,
        examples: problemExamples,
      },
    },
    stripBasePath: false,
    transform: ({ schema, url, route }) => ({
      schema: { ...schema, ...route.config?.documented },
      url,
    }),
    transformObject: (made) => finishDocument('openapiObject' in made ? made.openapiObject : made),
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) =>
        typeof json['$id'] === 'string' ? json['$id'] : `schema-${index}`,
    },
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs'));
  await app.register(swaggerUi, docsPage(isDevelopment));
};
