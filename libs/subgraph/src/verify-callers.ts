import { CALLER_HEADER, type Caller, type CallerVerifier } from '@cartograph/auth';
import { errorCatalogue } from '@cartograph/errors';
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

/**
 * Lets only the router and sister services reach `/graphql`: anybody else gets 403 and not a word
 * of schema or data.
 */
export const verifyCallers = (
  app: FastifyInstance,
  name: string,
  verifyCaller: CallerVerifier,
): void => {
  app.decorate('subgraphName', name);
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    request.signedBody = body as string;
    try {
      const parsed: unknown = JSON.parse(body as string);
      done(null, isObject(parsed) ? parsed : {});
    } catch {
      done(Object.assign(new Error('the body is no JSON'), { statusCode: 400 }));
    }
  });
  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.url !== '/graphql') return;
    const header = request.headers[CALLER_HEADER];
    const caller = verifyCaller(Array.isArray(header) ? undefined : header, {
      audience: name,
      method: request.method,
      path: request.url,
      body: request.signedBody ?? '',
    });
    if (caller) {
      request.caller = caller;
      return;
    }
    request.log.warn('caller refused');
    await reply.code(403).send({
      errors: [{ message: errorCatalogue.FORBIDDEN, extensions: { code: 'FORBIDDEN' } }],
    });
  });
};
