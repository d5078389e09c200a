// Not for a remote shop: reads the private ports, which only its machine reaches.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { parseEnv } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { APPS } from '../../tools/services.ts';
import { collectQueries } from '../../tools/observability/collect-queries.ts';
import { metricsOf } from '../../tools/observability/metrics-of.ts';
import { isAlert, readRules } from '../../tools/observability/read-rules.ts';
import { findPrometheus } from '../../tools/observability/test/find-prometheus.ts';
import {
  startPrometheus,
  type RunningPrometheus,
} from '../../tools/observability/test/start-prometheus.ts';
import { startNode } from '../../tools/start/app-process.ts';
import { findServicePort } from '../sandbox/service-port.ts';
import { admin, newShopper } from '../testkit/accounts.ts';
import { graph } from '../testkit/graph.ts';
import { becomes, cancel, order, pay, paymentsOf, placeOrder, refund } from '../testkit/orders.ts';
import { rest } from '../testkit/rest.ts';
import { newTraceId, spansOf, traceOf } from '../testkit/traces.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** The label `service` of a process that is none of the shop. */
const EXTRA = 'rest without redis';

/** What promtool finds wrong in names that OpenTelemetry's semantic conventions prescribe. */
const ACCEPTED =
  /^db_client_connection_count non-histogram and non-summary metrics should not have "_count" suffix$/;

/** As long as a test of the whole shop: all that was counted since it started. */
const INTERVAL = '15m';

const portOf = (app: (typeof APPS)[number]): number =>
  Number((process.env['E2E_METRICS_PORTS'] ?? '').split(',')[APPS.indexOf(app)]);

/** A REST process in front of the same router, whose Redis is down: the shop has none. */
const startExtraRest = async () => {
  const [port, metricsPort, noRedis] = await Promise.all([
    findServicePort(),
    findServicePort(),
    findServicePort(),
  ]);
  const folder = await mkdtemp(path.join(tmpdir(), 'extra-rest-'));
  const running = await startNode('apps/rest/src/main.ts', {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
      NODE_ENV: 'test',
      REST_PORT: String(port),
      METRICS_PORT: String(metricsPort),
      ROUTER_URL: process.env['E2E_GRAPH_URL'] ?? '',
      REDIS_URL: `redis://127.0.0.1:${noRedis}`,
    },
    logFile: path.join(folder, 'rest.log'),
  });
  return {
    metricsPort,
    use: () =>
      eventually(async () => {
        const { status } = await fetch(`http://127.0.0.1:${port}/v1/products?limit=3`);
        expect(status).toBe(200);
      }),
    close: async (): Promise<void> => {
      await running.stop();
      await rm(folder, { recursive: true });
    },
  };
};

/** An order that a request leaves is due once, much later; a sweeper takes this one now, and lets it wait. */
const makeDue = async (orderId: string): Promise<void> => {
  const file = path.join(process.env['E2E_STATE_DIR'] ?? '', 'dev.env');
  const { POSTGRES_SUPERUSER_PASSWORD: password } = parseEnv(await readFile(file, 'utf8'));
  const port = Number(process.env['E2E_POSTGRES_PORT']);
  const server = { host: '127.0.0.1', port, user: 'postgres', database: 'cartograph_order' };
  const client = new Client({ ...server, password: password ?? '' });
  await client.connect();
  try {
    const made = await client.query('UPDATE orders SET due_at = now() WHERE id = $1', [orderId]);
    expect(made.rowCount).toBe(1);
  } finally {
    await client.end();
  }
};

/** Everything that dashboards show: each way in which an order can end, and what clients do wrong. */
const useShop = async (): Promise<void> => {
  const { token } = await newShopper();
  await graph('mutation { createOrder(input: { items: [] }) { __typename } }');
  await graph('{ products(first: 3) { nodes { name } } }', {}, { token });
  await rest('GET', '/v1/products?limit=3');
  // All units: the stock falls below its threshold, and the next order is refused.
  const { product, id } = await placeOrder(token, { qty: 8, stock: 8 });
  expect(await order(token, product)).toMatchObject({ status: 409 });
  await pay(token, id);
  const [payment = ''] = await paymentsOf(token, id);
  await refund((await admin()).token, payment);
  await cancel(token, (await placeOrder(token)).id);
  await pay(token, (await placeOrder(token)).id, 'sim_decline');
  await makeDue((await placeOrder(token)).id);
  const late = await placeOrder(token);
  await pay(token, late.id, 'sim_late_success');
  await becomes(token, late.id, 'CONFIRMED');
};

const hasData = async (prometheus: RunningPrometheus, expr: string): Promise<boolean> =>
  (await prometheus.query(expr)).some(({ value: [, value] }) => value !== 'NaN');

/** Waits until each expression has a value; an error names those that have none. */
const expectData = (prometheus: RunningPrometheus, exprs: readonly string[]) => {
  let left = exprs;
  return eventually(async () => {
    const found = await Promise.all(left.map((expr) => hasData(prometheus, expr)));
    left = left.filter((_expr, index) => !found[index]);
    expect(left).toEqual([]);
  });
};

const programs = await findPrometheus();

const testWith = ({ prometheus: program, promtool }: NonNullable<typeof programs>): void => {
  let prometheus: RunningPrometheus;
  let extraRest: Awaited<ReturnType<typeof startExtraRest>>;

  beforeAll(async () => {
    extraRest = await startExtraRest();
    const targets = Object.fromEntries(APPS.map((app) => [app, portOf(app)]));
    prometheus = await startPrometheus(program, { ...targets, [EXTRA]: extraRest.metricsPort });
    // A counter that appears with its first value grows only with the second one.
    await useShop();
    await expectData(prometheus, [
      'shop_order_confirmed_total',
      'shop_payment_refunded_total > 0',
      'shop_due_lag_count{service="order"}',
    ]);
    await useShop();
    await extraRest.use();
  });

  afterAll(async () => {
    await prometheus?.close();
    await extraRest?.close();
  });

  it('reads every process', async () => {
    await eventually(async () => {
      const up = await prometheus.query('up == 1');
      const services = up.map(({ metric }) => metric['service']);
      expect(services.toSorted()).toEqual([...APPS, EXTRA].toSorted());
    });
  });

  it('has data for each query of each dashboard', async () => {
    const queries = collectQueries(INTERVAL);
    expect(queries.length).toBeGreaterThan(50);
    await expectData(prometheus, queries);
  });

  it('has each metric that an alert reads, and each series that a rule records', async () => {
    const rules = readRules();
    const read = rules.filter(isAlert).flatMap(({ expr }) => metricsOf(expr));
    const recorded = rules.flatMap((rule) => ('record' in rule ? [rule.record] : []));
    const names = [...new Set([...read, ...recorded])];
    await expectData(prometheus, [...names, 'shop_redis_failure_total > 0']);
  });

  it('finds the trace of a slow request by the exemplar of its bucket', async () => {
    const sent: string[] = [];
    const query =
      'histogram_quantile(0.99, sum by (le) (rate(http_server_request_duration_bucket{service="rest", http_route="/v1/products"}[5m])))';
    let found: string | undefined;
    // A bucket has the newest request only: another story's may come before the next scrape.
    await eventually(async () => {
      const traceId = newTraceId();
      sent.push(traceId);
      await rest('GET', '/v1/products?limit=7', { headers: traceOf(traceId) });
      const known = await prometheus.exemplarTraces(query);
      found = sent.find((one) => known.includes(one));
      expect(found).toBeDefined();
    });
    // Spans are exported in batches: the metrics may be scraped before.
    await eventually(async () => expect(await spansOf(found ?? '')).not.toEqual([]));
  });

  it('evaluates each rule without an error', async () => {
    await eventually(async () => {
      const evaluated = await prometheus.rules();
      expect(evaluated).toHaveLength(readRules().length);
      expect(evaluated.filter(({ health }) => health !== 'ok')).toEqual([]);
    });
  });

  it.each(APPS)('promtool finds nothing wrong in the metrics of %s', async (app) => {
    const metrics = await (await fetch(`http://127.0.0.1:${portOf(app)}/metrics`)).text();
    const child = spawn(promtool, ['check', 'metrics'], { stdio: ['pipe', 'ignore', 'pipe'] });
    child.stdin.end(metrics);
    const [said] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    const faults = said.split('\n').filter((line) => line !== '' && !ACCEPTED.test(line));
    expect(faults).toEqual([]);
  });
};

// Without it there is nothing to test: findPrometheus prints that, and throws where CI=true.
if (programs) describe('Prometheus', () => testWith(programs));
else it('Prometheus was not tried: there is none', () => undefined);
