import type { FastifyInstance } from 'fastify';
import { Refusal } from './refusal.ts';

/** OPTIONS is answered by CORS, for every address. */
const ANSWERED_ELSEWHERE = 'OPTIONS';

/** Wildcards, and the second spelling of an address that a plugin's prefix makes. */
const NO_RESOURCE = /[*]|[/]$/;

/**
 * Watches which methods each address gets from here on.
 * @returns a function to be called after the last route: the other methods are then 405 with the
 * `Allow` header that RFC 9110, section 15.5.6, asks for, where Fastify would say 404
 */
export const refuseOtherMethods = (app: FastifyInstance): (() => void) => {
  const known = new Map<string, Set<string>>();
  let watching = true;
  app.addHook('onRoute', ({ url, method }) => {
    if (!watching || NO_RESOURCE.test(url)) return;
    const methods = known.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    known.set(url, methods);
  });
  return () => {
    watching = false;
    for (const [url, methods] of known) {
      const allow = [...methods].sort().join(', ');
      app.route({
        url,
        method: app.supportedMethods.filter(
          (method) => method !== ANSWERED_ELSEWHERE && !methods.has(method),
        ),
        schema: { hide: true },
        // Before the body is read.
        onRequest: async (_request, reply) => {
          reply.header('allow', allow);
          throw new Refusal('METHOD_NOT_ALLOWED');
        },
        handler: () => undefined,
      });
    }
  };
};
