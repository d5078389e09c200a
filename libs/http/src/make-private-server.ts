import type { HttpLimits } from '@cartograph/config';
import type { Telemetry } from '@cartograph/telemetry';
import { fastify, type FastifyInstance } from 'fastify';
import { addDrillRoutes } from './drill-routes.ts';
import type { Drill } from './make-drill.ts';
import { limitsOptions } from './make-http-server.ts';
import type { ReadinessProbe } from './readiness.ts';

/**
 * Makes the server for operators: `/metrics` for Prometheus, `/readyz` with the result of each check,
 * `/healthz`, and `/drill` when there is one. It has a port of its own, so that internal details are not on
 * an address that clients reach. It does not listen yet.
 */
export const makePrivateServer = (deps: {
  readonly writeMetrics: Telemetry['writeMetrics'];
  readonly readiness: ReadinessProbe;
  readonly limits: HttpLimits;
  readonly drill?: Drill;
}): FastifyInstance => {
  const app = fastify({ ...limitsOptions(deps.limits), forceCloseConnections: true });
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const readiness = await deps.readiness.check();
    return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness);
  });
  app.get('/metrics', (request, reply) => {
    reply.hijack();
    deps.writeMetrics(request.raw, reply.raw);
  });
  if (deps.drill) addDrillRoutes(app, deps.drill);
  return app;
};
