import {
  CALLER_HEADER,
  ROUTER_AUTHORIZATION_HEADER,
  type Caller,
  type CallerVerifier,
  type RouterVerifier,
} from '@cartograph/auth';
import { errorCatalogue } from '@cartograph/errors';
import { addUtf8Parser, RequestRefusal } from '@cartograph/http';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** What callers call this subgraph: who signs for another is refused. */
    subgraphName: string;
  }
  interface FastifyRequest {
    /** The process that sent the request, once it has proved to be it. */
    caller?: Caller;
    /** The body as it came: what the caller signed. */
    signedBody?: string;
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const readHeader = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? undefined : value;

/**
 * Lets only the router and sister services reach `/graphql`: anybody else gets 403 and not a word
 * of schema or data. A service proves by a signature who it is, a router by that or by its secret.
 */
export const verifyCallers = (
  app: FastifyInstance,
  name: string,
  verifyCaller: CallerVerifier,
  verifyRouter: RouterVerifier,
): void => {
  app.decorate('subgraphName', name);
  app.removeContentTypeParser('application/json');
  addUtf8Parser(app, ['application/json'], (request, body, done) => {
    request.signedBody = body;
    try {
      const parsed: unknown = JSON.parse(body);
      done(null, isObject(parsed) ? parsed : {});
    } catch {
      done(new RequestRefusal('MALFORMED_REQUEST'));
    }
  });
  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.url !== '/graphql') return;
    const { headers, method, url: path } = request;
    const body = request.signedBody ?? '';
    const signed = { audience: name, method, path, body };
    const caller = verifyCaller(readHeader(headers[CALLER_HEADER]), signed);
    const isRouter = verifyRouter(readHeader(headers[ROUTER_AUTHORIZATION_HEADER])) !== null;
    if (caller || isRouter) {
      request.caller = caller ?? 'router';
      return;
    }
    request.log.warn('caller refused');
    await reply.code(403).send({
      errors: [{ message: errorCatalogue.FORBIDDEN, extensions: { code: 'FORBIDDEN' } }],
    });
  });
};
