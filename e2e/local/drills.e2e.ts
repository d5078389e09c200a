// Not for a remote shop: starts a shop of its own, and breaks parts of it.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { APPS } from '../../tools/services.ts';
import { findPrometheus } from '../../tools/observability/test/find-prometheus.ts';
import {
  startPrometheus,
  type RunningPrometheus,
} from '../../tools/observability/test/start-prometheus.ts';
import { newShopper } from '../testkit/accounts.ts';
import { becomes, order, pay } from '../testkit/orders.ts';
import { findApp } from '../testkit/processes.ts';
import { newProduct, type Product } from '../testkit/products.ts';
import { problem, rest } from '../testkit/rest.ts';
import { setFlags } from '../testkit/set-flags.ts';
import { startShop, type Shop } from '../testkit/start-shop.ts';
import { asSuperuser } from '../testkit/superuser.ts';

/** The window of every rule, in place of minutes and hours, and what is read in it. */
const RULES = { window: '10s', intervalSeconds: 1 } as const;

/**
 * What may be true of a shop in which nothing is broken: objectives of latency and the event loop, on a
 * machine that is slow; and rows that have just become due, whose alert waits for ten minutes.
 */
const NOT_TRIED = 'alertname!~"EventLoopSlow|DueRowsOverdue", slo!~".+-latency"';

/** One at a time, and few wait. */
const SIGN_IN = { ADMISSION_SIGN_IN_CONCURRENT: '1', ADMISSION_MAX_WAIT_MS: '500' };

/** More than ten in one window are many. */
const MANY = 16;

/** As long as any window takes to be over, on a machine that is ten times slower. */
const ALERT_MS = 180_000;

const programs = await findPrometheus();

let shop: Shop;
let prometheus: RunningPrometheus;
let token: string;
let product: Product;

/** The labels of the alerts whose expression is true now. */
const trueAlerts = async (labels: string) => {
  const selector = [`alertstate="firing"`, NOT_TRIED, labels].filter((part) => part !== '');
  const found = await prometheus.query(`ALERTS{${selector.join(',')}}`);
  return found.map(({ metric }) => metric['alertname'] ?? '');
};

/** Waits until an alert is true, while customers use the shop. */
const becomesTrue = (alert: string, labels: string, use: () => Promise<unknown>) =>
  eventually(async () => {
    await use();
    expect(await trueAlerts(`alertname="${alert}",${labels}`)).toEqual([alert]);
  }, ALERT_MS);

/** Waits until no alert is true. What Prometheus can not read has no alert either, so all must be read. */
const allEnd = () =>
  eventually(async () => {
    expect(await prometheus.query('count(up == 1)')).toMatchObject([
      { value: [expect.anything(), String(APPS.length)] },
    ]);
    expect(await trueAlerts('')).toEqual([]);
  }, ALERT_MS);

const flags = (...given: readonly string[]) => setFlags(shop, ...given);

/** @returns the order, and the response to its payment */
const buy = async (method = 'sim_success') => {
  const { body } = await order(token, product);
  return { id: body.id as string, paid: await pay(token, body.id, method) };
};

const inParallel = <Result>(times: number, work: () => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: times }, work));

/** A page that no cache has. */
const search = () => rest('GET', `/v1/products?q=${randomUUID()}`);

const me = () => rest('GET', '/v1/me', { token });

const UNAVAILABLE = problem(503, 'UNAVAILABLE');

const tryDrills = (program: string): void => {
  beforeAll(async () => {
    shop = await startShop(SIGN_IN);
    process.env['E2E_GRAPH_URL'] = `http://127.0.0.1:${shop.ports.router}/graphql`;
    process.env['E2E_REST_URL'] = `http://127.0.0.1:${shop.ports.rest}`;
    prometheus = await startPrometheus(program, shop.metricsPorts, RULES);
    product = await newProduct({ stock: 10_000 });
  });

  // Tokens end, and an account may have so many unpaid orders.
  beforeEach(async () => {
    ({ token } = await newShopper());
  });

  afterAll(async () => {
    await prometheus?.close();
    await shop?.stop();
    await shop?.remove();
  });

  it('no alert is true of a shop that is used', async () => {
    await eventually(async () => {
      expect((await buy()).paid).toMatchObject({ status: 200 });
      expect(await search()).toMatchObject({ status: 200 });
      // The rules have been evaluated over a window.
      expect(await prometheus.query('slo:bad_ratio:1h')).toHaveLength(4);
    });
    await allEnd();
  });

  it('PaymentProviderFails while the provider fails; payments are settled afterwards', async () => {
    await flags('provider.fail=on');
    let last = await buy();
    await becomesTrue('PaymentProviderFails', 'provider="simulator"', async () => {
      last = await buy();
      expect(last.paid).toMatchObject({ status: 202 });
    });
    await flags('off');
    await becomes(token, last.id, 'CONFIRMED');
    await allEnd();
  });

  it('CircuitOpen and ErrorBudgetBurnsFast while the payment service hangs', async () => {
    await flags('payment.slow=20s');
    const { body } = await order(token, product);
    const use = async () => {
      const responses = await inParallel(MANY, () => pay(token, body.id));
      for (const response of responses) expect(response).toMatchObject(UNAVAILABLE);
      expect(await search()).toMatchObject({ status: 200 });
    };
    await becomesTrue('CircuitOpen', 'service="order",service_peer_name="payment"', use);
    await becomesTrue('ErrorBudgetBurnsFast', 'slo="rest-availability"', use);
    await flags('off');
    await eventually(async () => expect((await buy()).paid).toMatchObject({ status: 200 }));
    await allEnd();
  });

  it('RevocationFeedStale while the user service fails', async () => {
    await flags('user.fail=on');
    for (const service of ['product', 'order', 'payment']) {
      await becomesTrue('RevocationFeedStale', `service="${service}"`, async () => {
        expect(await me()).toMatchObject(UNAVAILABLE);
        expect(await search()).toMatchObject({ status: 200 });
      });
    }
    await flags('off');
    await eventually(async () => expect(await me()).toMatchObject({ status: 200 }));
    await allEnd();
  });

  it('ServiceDown while the product service is stopped; it recovers when it continues', async () => {
    const pid = findApp(shop, 'product');
    process.kill(pid, 'SIGSTOP');
    try {
      expect(await search()).toMatchObject(UNAVAILABLE);
      await becomesTrue('ServiceDown', 'service="product"', async () =>
        expect(await me()).toMatchObject({ status: 200 }),
      );
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await eventually(async () => expect(await search()).toMatchObject({ status: 200 }));
    await allEnd();
  });

  it('DatabaseUnreachable and EventsNotPublished while a database takes no connection', async () => {
    const limit = (connections: number) =>
      `ALTER DATABASE cartograph_product CONNECTION LIMIT ${connections}`;
    const disconnect = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = 'cartograph_product'`;
    await asSuperuser(shop, limit(0), disconnect);
    try {
      const use = async () => {
        expect(await search()).toMatchObject(UNAVAILABLE);
        expect(await me()).toMatchObject({ status: 200 });
      };
      await becomesTrue('DatabaseUnreachable', 'service="product"', use);
      await becomesTrue('EventsNotPublished', 'service="product",step="database"', use);
    } finally {
      await asSuperuser(shop, limit(-1));
    }
    await eventually(async () => expect(await search()).toMatchObject({ status: 200 }));
    await allEnd();
  });

  it('PaymentsDeclined while most cards are declined', async () => {
    await becomesTrue('PaymentsDeclined', 'severity="ticket"', async () => {
      for (const { paid } of await inParallel(MANY, () => buy('sim_decline')))
        expect(paid).toMatchObject(problem(402, 'PAYMENT_DECLINED'));
    });
    await allEnd();
  });

  it('RequestsRejected while more sign in than passwords can be checked', async () => {
    const body = { email: `${randomUUID()}@example.com`, password: 'wrong' };
    await becomesTrue('RequestsRejected', 'service="rest",lane="signIn"', () =>
      inParallel(MANY, () => rest('POST', '/v1/auth/login', { body })),
    );
    await allEnd();
  });
};

// Without it there is nothing to test: findPrometheus prints that, and throws where CI=true.
if (programs) describe('a drill', () => tryDrills(programs.prometheus));
else it('Prometheus was not tried: there is none', () => undefined);
