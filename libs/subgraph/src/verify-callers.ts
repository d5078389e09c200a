import {
  CALLER_HEADER,
  ROUTER_AUTHORIZATION_HEADER,
  type Caller,
  type CallerVerifier,
  type RouterVerifier,
} from '@cartograph/auth';
import { addUtf8Parser, isCrowdedJson, RequestError } from '@cartograph/http';
import { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** The audience of signed requests: a signature for another subgraph is refused. */
    subgraphName: string;
  }
  interface FastifyRequest {
    /** The authenticated process that sent the request. */
    caller: Caller | null;
  }
}

/** What a caller learns that is neither the router nor a peer service. */
const REFUSAL = {
  errors: [
    {
      message: [
        'This is one subgraph of the shop.',
        'It answers the router and peer services only: they sign their requests, or send the secret of',
        'a router as X-Router-Authorization.',
        'Clients send operations to the router: by default /graphql on port 4000.',
      ].join(' '),
      extensions: { code: 'FORBIDDEN' },
    },
  ],
};

/** 20,000 representations, more than an operation may cost, have six each. */
const MAX_SEPARATORS = 200_000;

/** Far more than an object of a request has: the longest input type has a dozen. */
const MAX_NAMES = 1_000;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const readHeader = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? undefined : value;

/**
 * Lets only the router and peer services reach `/graphql`; other callers get 403 without any schema or
 * data. A service authenticates with a signature, a router with a signature or its secret.
 * The body of an unknown caller is not parsed: JSON with 1 MiB of names takes 200 ms. The body of a known
 * caller is parsed unless it has too many names, since they may come from a client.
 */
export const verifyCallers = (
  app: FastifyInstance,
  name: string,
  verifyCaller: CallerVerifier,
  verifyRouter: RouterVerifier,
): void => {
  /** Called once per request: a signature is accepted once. */
  const findCaller = ({ headers, method, url: path }: FastifyRequest, body: string) => {
    const signed = { audience: name, method, path, body };
    const caller = verifyCaller(readHeader(headers[CALLER_HEADER]), signed);
    const isRouter = verifyRouter(readHeader(headers[ROUTER_AUTHORIZATION_HEADER])) !== null;
    return caller ?? (isRouter ? 'router' : null);
  };

  app.decorate('subgraphName', name);
  app.decorateRequest('caller', null);
  app.removeContentTypeParser('application/json');
  addUtf8Parser(app, ['application/json'], (request, body, done) => {
    request.caller = findCaller(request, body);
    if (!request.caller) {
      done(null, {}); // It is refused below.
      return;
    }
    if (isCrowdedJson(body, MAX_SEPARATORS, MAX_NAMES)) {
      done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
      return;
    }
    try {
      const parsed: unknown = JSON.parse(body);
      done(null, isObject(parsed) ? parsed : {});
    } catch {
      done(new RequestError('MALFORMED_REQUEST'));
    }
  });
  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.url !== '/graphql' || request.caller) return;
    request.log.warn('caller refused');
    await reply.code(403).send(REFUSAL);
  });
};
