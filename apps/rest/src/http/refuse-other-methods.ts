import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../problems/problem-error.ts';

/** The CORS plugin answers OPTIONS on every path. */
const CORS_METHOD = 'OPTIONS';

/** Wildcards, and the path with a trailing slash that a plugin's prefix adds. */
const NO_RESOURCE = /[*]|[/]$/;

/**
 * Records the methods of every path that is registered from now on.
 * @returns a function to call after the last route. The other methods of these paths then answer 405
 * with the `Allow` header (RFC 9110, section 15.5.6), where Fastify would answer 404
 */
export const refuseOtherMethods = (app: FastifyInstance): (() => void) => {
  const known = new Map<string, Set<string>>();
  let recording = true;
  app.addHook('onRoute', ({ url, method }) => {
    if (!recording || NO_RESOURCE.test(url)) return;
    const methods = known.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    known.set(url, methods);
  });
  return () => {
    recording = false;
    for (const [url, methods] of known) {
      const allow = [...methods].sort().join(', ');
      app.route({
        url,
        method: app.supportedMethods.filter(
          (method) => method !== CORS_METHOD && !methods.has(method),
        ),
        schema: { hide: true },
        onRequest: async (_request, reply) => {
          reply.header('allow', allow);
          throw new ProblemError('METHOD_NOT_ALLOWED');
        },
        handler: () => undefined,
      });
    }
  };
};
