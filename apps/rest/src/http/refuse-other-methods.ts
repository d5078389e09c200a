import { METHODS } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../problems/problem-error.ts';
import { isUnknownSlash } from './send-problems.ts';

/** Every path answers it: RFC 9110, section 9.3.7. */
const OPTIONS = 'OPTIONS';

/** Fastify routes a few methods unless it is told of the others that Node parses, such as PROPFIND. */
const addOtherMethods = (app: FastifyInstance): void => {
  const supported = new Set<string>(app.supportedMethods);
  for (const method of METHODS) if (!supported.has(method)) app.addHttpMethod(method);
};

/** Wildcards, and the path with a trailing slash that a plugin's prefix adds. */
const NO_RESOURCE = /[*]|[/]$/;

/**
 * Records the methods of every path that is registered from now on, and answers OPTIONS with them. Call it
 * before CORS is registered, which answers OPTIONS on any path.
 * @returns a function to call after the last route. The other methods of these paths then answer 405
 * with the `Allow` header (RFC 9110, section 15.5.6), where Fastify would answer 404
 */
export const refuseOtherMethods = (app: FastifyInstance): (() => void) => {
  addOtherMethods(app);
  const known = new Map<string, Set<string>>();
  let recording = true;
  const listMethods = (url: string): string =>
    [...(known.get(url) ?? []), OPTIONS].sort().join(', ');
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== OPTIONS) return;
    if (isUnknownSlash(request)) throw new ProblemError('NOT_FOUND');
    const { url = '' } = request.routeOptions;
    if (known.has(url)) reply.header('allow', listMethods(url));
    // What was registered before, such as /healthz.
    else if (app.hasRoute({ url: request.url.split('?', 1)[0] ?? '', method: 'GET' })) {
      reply.header('allow', 'GET, HEAD, OPTIONS');
    } else throw new ProblemError('NOT_FOUND');
  });
  app.addHook('onRoute', ({ url, method }) => {
    if (!recording || NO_RESOURCE.test(url)) return;
    const methods = known.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    known.set(url, methods);
  });
  return () => {
    recording = false;
    for (const [url, methods] of known) {
      const allow = listMethods(url);
      app.options(url, { schema: { hide: true } }, (_request, reply) => reply.code(204).send());
      app.route({
        url,
        method: app.supportedMethods.filter((method) => method !== OPTIONS && !methods.has(method)),
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
