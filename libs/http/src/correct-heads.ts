import type { FastifyInstance, onSendHookHandler } from 'fastify';

/** What Fastify writes where a route made no body: for 304, and for a stream that HEAD does not open. */
const NO_BODY = '0';

const correctHead: onSendHookHandler = ({ method }, reply, payload, done) => {
  if (method === 'HEAD') {
    const isEmpty = reply.statusCode === 204;
    if (isEmpty || reply.getHeader('content-length') === NO_BODY) {
      reply.removeHeader('content-length');
    }
    // From the response to GET, Fastify removes it.
    if (isEmpty) reply.removeHeader('content-type');
  }
  done(null, payload);
};

/**
 * Removes headers of HEAD that the response to GET would not have: RFC 9110, sections 8.6 and 9.3.2. Fastify
 * makes the routes of HEAD, and writes the length of what was to be sent in the last of their hooks. Call it
 * before routes are registered.
 */
export const correctHeads = (app: FastifyInstance): void => {
  app.addHook('onRoute', (route) => {
    if (![route.method].flat().includes('HEAD')) return;
    route.onSend = [...[route.onSend ?? []].flat(), correctHead];
  });
};
