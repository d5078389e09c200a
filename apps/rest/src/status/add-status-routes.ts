import type { FastifyInstance } from 'fastify';
import type { StatusTarget } from './read-process.ts';
import { PAGE_POLICY, renderPage } from './render-page.ts';
import { watchShop } from './watch-shop.ts';

/**
 * Adds `/status`, a page for operators, and `/status.json` to the private server, and reads the processes
 * until it closes. Without processes it adds nothing.
 */
export const addStatusRoutes = (app: FastifyInstance, targets: readonly StatusTarget[]): void => {
  if (targets.length === 0) return;
  const watch = watchShop(targets);
  app.addHook('onClose', watch.stop);
  app.get('/status', (_request, reply) =>
    reply
      .header('content-security-policy', PAGE_POLICY)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(renderPage(watch.status())),
  );
  app.get('/status.json', (_request, reply) =>
    reply.header('cache-control', 'no-store').send(watch.status()),
  );
};
