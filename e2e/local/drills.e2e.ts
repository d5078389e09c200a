// Not for a remote shop: starts a shop of its own, and breaks parts of it.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { findPrometheus } from '../../tools/observability/test/find-prometheus.ts';
import { newShopper } from '../testkit/accounts.ts';
import { inParallel, MANY, openDrills, type Drills } from '../testkit/open-drills.ts';
import { becomes, order, pay } from '../testkit/orders.ts';
import { findApp } from '../testkit/processes.ts';
import { newProduct, type Product } from '../testkit/products.ts';
import { problem, rest } from '../testkit/rest.ts';
import { asSuperuser } from '../testkit/superuser.ts';

/** One at a time, and few wait. */
const SIGN_IN = { ADMISSION_SIGN_IN_CONCURRENT: '1', ADMISSION_MAX_WAIT_MS: '500' };

const programs = await findPrometheus();

let drills: Drills;
let token: string;
let product: Product;

/** @returns the order, and the response to its payment */
const buy = async (method = 'sim_success') => {
  const { body } = await order(token, product);
  return { id: body.id as string, paid: await pay(token, body.id, method) };
};

/** A page that no cache has. */
const search = () => rest('GET', `/v1/products?q=${randomUUID()}`);

const me = () => rest('GET', '/v1/me', { token });

const UNAVAILABLE = problem(503, 'UNAVAILABLE');

const tryDrills = (program: string): void => {
  beforeAll(async () => {
    drills = await openDrills(program, SIGN_IN);
    product = await newProduct({ stock: 10_000 });
  });

  // Tokens end, and an account may have so many unpaid orders.
  beforeEach(async () => {
    ({ token } = await newShopper());
  });

  afterAll(() => drills?.close());

  it('no alert is true of a shop that is used', async () => {
    await eventually(async () => {
      expect((await buy()).paid).toMatchObject({ status: 200 });
      expect(await search()).toMatchObject({ status: 200 });
      // The rules have been evaluated over a window.
      expect(await drills.prometheus.query('slo:bad_ratio:1h')).toHaveLength(4);
    });
    await drills.allEnd();
  });

  it('payments succeed while the provider is slow, and its duration shows it', async () => {
    const duration = 'shop_payment_provider_duration';
    const charges = 'provider="simulator",operation="charge",error_type=""';
    /** Of charges that were accepted, those that took longer than 2.5 s. */
    const countSlow = async (): Promise<number> => {
      const [found] = await drills.prometheus.query(
        `sum(${duration}_count{${charges}}) - sum(${duration}_bucket{${charges},le="2.5"})`,
      );
      return Number(found?.value[1] ?? 0);
    };
    const before = await countSlow();
    await drills.flags('provider.slow=3s');
    await eventually(async () => {
      expect((await buy()).paid).toMatchObject({ status: 200, body: { status: 'CONFIRMED' } });
      expect(await countSlow()).toBeGreaterThan(before);
    }, 180_000);
    await drills.flags('provider.slow=off');
    await drills.allEnd();
  });

  it('PaymentProviderFails while the provider fails; payments are settled afterwards', async () => {
    await drills.flags('provider.fail=on');
    let last = await buy();
    await drills.becomesTrue('PaymentProviderFails', 'provider="simulator"', async () => {
      last = await buy();
      expect(last.paid).toMatchObject({ status: 202 });
    });
    await drills.flags('off');
    await becomes(token, last.id, 'CONFIRMED');
    await drills.allEnd();
  });

  it('CircuitOpen and both ErrorBudgetBurns alerts while the payment service hangs', async () => {
    await drills.flags('payment.slow=20s');
    const { body } = await order(token, product);
    const use = async () => {
      const responses = await inParallel(MANY, () => pay(token, body.id));
      for (const response of responses) expect(response).toMatchObject(UNAVAILABLE);
      expect(await search()).toMatchObject({ status: 200 });
    };
    await drills.becomesTrue('CircuitOpen', 'service="order",service_peer_name="payment"', use);
    await drills.becomesTrue('ErrorBudgetBurnsFast', 'slo="rest-availability"', use);
    await drills.becomesTrue('ErrorBudgetBurnsSlowly', 'slo="rest-availability"', use);
    await drills.flags('off');
    await eventually(async () => expect((await buy()).paid).toMatchObject({ status: 200 }));
    await drills.allEnd();
  });

  it('RevocationFeedStale while the user service fails', async () => {
    await drills.flags('user.fail=on');
    for (const service of ['product', 'order', 'payment']) {
      await drills.becomesTrue('RevocationFeedStale', `service="${service}"`, async () => {
        expect(await me()).toMatchObject(UNAVAILABLE);
        expect(await search()).toMatchObject({ status: 200 });
      });
    }
    await drills.flags('off');
    await eventually(async () => expect(await me()).toMatchObject({ status: 200 }));
    await drills.allEnd();
  });

  it('ServiceDown while the product service is stopped; it recovers when it continues', async () => {
    const pid = findApp(drills.shop, 'product');
    process.kill(pid, 'SIGSTOP');
    try {
      expect(await search()).toMatchObject(UNAVAILABLE);
      await drills.becomesTrue('ServiceDown', 'service="product"', async () =>
        expect(await me()).toMatchObject({ status: 200 }),
      );
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await eventually(async () => expect(await search()).toMatchObject({ status: 200 }));
    await drills.allEnd();
  });

  it('DatabaseUnreachable and EventsNotPublished while a database takes no connection', async () => {
    const limit = (connections: number) =>
      `ALTER DATABASE cartograph_product CONNECTION LIMIT ${connections}`;
    const disconnect = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = 'cartograph_product'`;
    await asSuperuser(drills.shop, limit(0), disconnect);
    try {
      const use = async () => {
        expect(await search()).toMatchObject(UNAVAILABLE);
        expect(await me()).toMatchObject({ status: 200 });
      };
      await drills.becomesTrue('DatabaseUnreachable', 'service="product"', use);
      await drills.becomesTrue('EventsNotPublished', 'service="product",step="database"', use);
    } finally {
      await asSuperuser(drills.shop, limit(-1));
    }
    await eventually(async () => expect(await search()).toMatchObject({ status: 200 }));
    await drills.allEnd();
  });

  it('PaymentsDeclined while most cards are declined', async () => {
    await drills.becomesTrue('PaymentsDeclined', 'severity="ticket"', async () => {
      for (const { paid } of await inParallel(MANY, () => buy('sim_decline')))
        expect(paid).toMatchObject(problem(402, 'PAYMENT_DECLINED'));
    });
    await drills.allEnd();
  });

  it('RequestsRejected while more sign in than passwords can be checked', async () => {
    const body = { email: `${randomUUID()}@example.com`, password: 'wrong' };
    await drills.becomesTrue('RequestsRejected', 'service="rest",lane="signIn"', () =>
      inParallel(MANY, () => rest('POST', '/v1/auth/login', { body })),
    );
    await drills.allEnd();
  });
};

// Without it there is nothing to test: findPrometheus prints that, and throws where CI=true.
if (programs) describe('a drill', () => tryDrills(programs.prometheus));
else it('Prometheus was not tried: there is none', () => undefined);
