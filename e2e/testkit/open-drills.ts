import { eventually } from '@cartograph/testing';
import { expect } from 'vitest';
import {
  startPrometheus,
  type RunningPrometheus,
} from '../../tools/observability/test/start-prometheus.ts';
import { APPS } from '../../tools/services.ts';
import { setFlags } from './set-flags.ts';
import { startShop, type Shop } from './start-shop.ts';

/** The window of every rule, in place of minutes and hours, and what is read in it. */
const RULES = { window: '10s', intervalSeconds: 1 } as const;

/** As often as Prometheus reads the shop and evaluates the rules. */
const EVERY_MS = RULES.intervalSeconds * 1_000;

/**
 * What may be true of a shop in which nothing is broken: objectives of latency and the event loop, on a
 * machine that is slow; and rows that have just become due, whose alert waits for ten minutes.
 */
const NOISY = 'alertname!~"EventLoopSlow|DueRowsOverdue", slo!~".+-latency"';

/** As long as any window takes to be over, on a machine that is ten times slower. */
const ALERT_MS = 180_000;

/** More than ten in one window are many. */
export const MANY = 16;

/** A shop that a test breaks, and a Prometheus that evaluates the rules over seconds. */
export type Drills = {
  readonly shop: Shop;
  readonly prometheus: RunningPrometheus;
  /** Sets flags of the shop, as `npm run flag` does. */
  readonly flags: (...flags: readonly string[]) => Promise<string>;
  /**
   * Waits until an alert is true, while customers use the shop.
   * @param labels of the alert, as in a selector
   */
  readonly becomesTrue: (
    alert: string,
    labels: string,
    use: () => Promise<unknown>,
  ) => Promise<void>;
  /** Waits until no alert is true. */
  readonly allEnd: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Does `work` so many times at once. */
export const inParallel = <Result>(times: number, work: () => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: times }, work));

/**
 * Starts a shop of its own, to which the requests of the test kit go from now on.
 * @param program Prometheus
 * @param env of the shop
 */
export const openDrills = async (program: string, env: NodeJS.ProcessEnv): Promise<Drills> => {
  const shop = await startShop(env);
  process.env['E2E_GRAPH_URL'] = `http://127.0.0.1:${shop.ports.router}/graphql`;
  process.env['E2E_REST_URL'] = `http://127.0.0.1:${shop.ports.rest}`;
  const prometheus = await startPrometheus(program, shop.metricsPorts, RULES);

  const readAlerts = async (labels: string): Promise<string[]> => {
    const found = await prometheus.query(`ALERTS{alertstate="firing",${labels}}`);
    return [...new Set(found.map(({ metric }) => metric['alertname'] ?? ''))];
  };

  return {
    shop,
    prometheus,
    flags: (...given) => setFlags(shop, ...given),

    becomesTrue: (alert, labels, use) =>
      eventually(
        async () => {
          await use();
          expect(await readAlerts(`alertname="${alert}",${labels}`)).toEqual([alert]);
        },
        ALERT_MS,
        EVERY_MS,
      ),

    // What Prometheus can not read has no alert either, so all must be read.
    allEnd: () =>
      eventually(
        async () => {
          expect(await prometheus.query('count(up == 1)')).toMatchObject([
            { value: [expect.anything(), String(APPS.length)] },
          ]);
          expect(await readAlerts(NOISY)).toEqual([]);
        },
        ALERT_MS,
        EVERY_MS,
      ),

    close: async () => {
      await prometheus.close();
      await shop.stop();
      await shop.remove();
    },
  };
};
