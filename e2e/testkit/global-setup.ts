import { randomBytes } from 'node:crypto';
import { SERVICES } from '../../tools/services.ts';
import { startOtlpReceiver } from './otlp-receiver.ts';
import { startShop } from './start-shop.ts';

/**
 * Starts one shop for all stories, and the collector of its traces; nothing when `npm run e2e` was
 * given the address of a remote shop.
 */
export const setup = async (): Promise<void> => {
  if (process.env['E2E_REMOTE']) return;
  const receiver = await startOtlpReceiver();
  const hiveSecret = randomBytes(24).toString('hex');
  const shop = await startShop({
    ROUTER_AUTHORIZATION: `hive:${hiveSecret}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.origin,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '200',
    // A full queue drops spans, and suites run concurrently.
    OTEL_BSP_MAX_QUEUE_SIZE: '100000',
  });
  process.env['E2E_GRAPH_URL'] = `http://127.0.0.1:${shop.ports.router}/graphql`;
  process.env['E2E_REST_URL'] = `http://127.0.0.1:${shop.ports.rest}`;
  process.env['E2E_HIVE_SECRET'] = hiveSecret;
  process.env['E2E_POSTGRES_PORT'] = String(shop.ports.postgres);
  process.env['E2E_OTLP_URL'] = receiver.origin;
  process.env['E2E_STATE_DIR'] = shop.env['CARTOGRAPH_STATE_DIR'];
  process.env['E2E_SUBGRAPH_PORTS'] = SERVICES.map((service) => shop.ports[service]).join(',');
  process.env['E2E_METRICS_PORTS'] = Object.values(shop.metricsPorts).join(',');
  stopEverything = async () => {
    await shop.stop();
    await shop.remove();
    await receiver.close();
  };
};

let stopEverything = async (): Promise<void> => {};

/** Stops what the set-up started. */
export const teardown = (): Promise<void> => stopEverything();
