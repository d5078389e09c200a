import { APPS } from '../../../tools/services.ts';
import type { ProductionShop } from './open-production-shop.ts';

const COUNT = /^http_server_(?:request_)?duration(?:_\w+)?_count(?:\{.*\})? ([\d.e+]+)/;

/** Sums the requests that a process has served, from its metrics in the format of Prometheus. */
export const countServedRequests = (metrics: string): number =>
  metrics
    .split('\n')
    .map((line) => COUNT.exec(line)?.[1])
    .reduce((sum, count) => sum + Number(count ?? 0), 0);

const readMetrics = async (shop: ProductionShop, app: (typeof APPS)[number]): Promise<string> => {
  // Earlier versions have their metrics on the port of the app.
  for (const origin of [shop.metricsOriginOf(app), shop.originOf(app)]) {
    const response = await fetch(`${origin}/metrics`).catch(() => null);
    if (response?.ok) return response.text();
    await response?.body?.cancel();
  }
  throw new Error(`${app} has no metrics`);
};

/** Counts the requests that each process has served so far, long polls and probes left out. */
export const readCalls = async (shop: ProductionShop): Promise<Record<string, number>> =>
  Object.fromEntries(
    await Promise.all(
      APPS.map(async (app) => [app, countServedRequests(await readMetrics(shop, app))] as const),
    ),
  );
