// Not for a remote shop: starts a shop of its own, and breaks parts of it.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findRedisServer, startRedisServer, type RedisServer } from '@cartograph/redis/test';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from 'pg';
import type { ServiceName } from '../../tools/services.ts';
import { findPrometheus } from '../../tools/observability/test/find-prometheus.ts';
import { newShopper } from '../testkit/accounts.ts';
import { inParallel, MANY, openDrills, type Drills } from '../testkit/open-drills.ts';
import { becomes, order, orderOf, pay, placeOrder } from '../testkit/orders.ts';
import { findApp } from '../testkit/processes.ts';
import { newProduct, stockOf, type Product } from '../testkit/products.ts';
import { rest } from '../testkit/rest.ts';
import { connectAsSuperuser } from '../testkit/superuser.ts';

const JOBS = path.resolve(import.meta.dirname, '..', '..', 'tools', 'jobs', 'main.ts');

/** Longer than an event may be late: ten seconds. */
const LATE_MS = 12_000;

/** More than a pool has connections. */
const CROWD = 40;

/** A process that gets so little CPU has a slow event loop. */
const STOPPED_MS = 500;
const RUNNING_MS = 100;

const [programs, redisProgram] = await Promise.all([findPrometheus(), findRedisServer()]);

let drills: Drills;
let redis: RedisServer | null = null;
let token: string;
let product: Product;

/** @returns the order, and the response to its payment */
const buy = async () => {
  const { body } = await order(token, product);
  return { id: body.id as string, paid: await pay(token, body.id) };
};

/** A page that no cache has. */
const search = () => rest('GET', `/v1/products?q=${randomUUID()}`);

/** Runs `work` with a connection to the database of a service. */
const inDatabase = async <Result>(
  service: ServiceName,
  work: (client: Client) => Promise<Result>,
): Promise<Result> => {
  const client = await connectAsSuperuser(drills.shop, `cartograph_${service}`);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/** So many at a time do `work` again and again in the background, until `wait` is over. */
const during = async (
  workers: number,
  work: () => Promise<unknown>,
  wait: () => Promise<void>,
): Promise<void> => {
  let isOver = false;
  const working = inParallel(workers, async () => {
    while (!isOver) await work();
  });
  await wait().finally(() => {
    isOver = true;
  });
  await working;
};

const useShop = async (): Promise<void> => {
  expect((await buy()).paid).toMatchObject({ status: 200 });
  expect(await search()).toMatchObject({ status: 200 });
};

const tryCauses = (program: string): void => {
  beforeAll(async () => {
    redis = redisProgram && (await startRedisServer(redisProgram));
    drills = await openDrills(program, redis ? { REDIS_URL: redis.url } : {});
    product = await newProduct({ stock: 10_000 });
    ({ token } = await newShopper());
    await eventually(useShop);
    await drills.allEnd();
  });

  // Tokens end, and an account may have so many unpaid orders.
  beforeEach(async () => {
    ({ token } = await newShopper());
  });

  afterAll(async () => {
    await drills?.close();
    await redis?.close();
  });

  it('PaidWithoutStock when an order is paid whose units were sold to others', async () => {
    const { product: last, id } = await placeOrder(token, { qty: 1, stock: 1 });
    await inDatabase('product', (client) =>
      client.query(
        `UPDATE reservations SET expires_at = now() - interval '1 hour' WHERE order_id = $1`,
        [id],
      ),
    );
    await eventually(async () => expect(await stockOf(last)).toBe(1));
    const { body } = await order((await newShopper()).token, last);
    expect(body.status).toBe('PENDING');
    await drills.becomesTrue('PaidWithoutStock', '', () => pay(token, id));
    expect(await orderOf(token, id)).toMatchObject({
      status: 'CANCELLED',
      cancellation: { reason: 'OUT_OF_STOCK' },
    });
    await drills.allEnd();
  });

  it('DueStepsFail and DeadWork while payments can not be settled, for days', async () => {
    await drills.flags('provider.fail=on');
    const bought = await inParallel(MANY, buy);
    for (const { paid } of bought) expect(paid).toMatchObject({ status: 202 });
    await inDatabase('payment', async (client) => {
      await drills.becomesTrue('DueStepsFail', 'service="payment",table="payments"', () =>
        client.query(`UPDATE payments SET due_at = now() WHERE status = 'PROCESSING'`),
      );
      await drills.becomesTrue('DeadWork', 'service="payment",table="payments"', () =>
        client.query(
          `UPDATE payments
           SET due_at = now(), due_attempts = 3, due_since = now() - interval '3 days'
           WHERE status = 'PROCESSING' AND dead_at IS NULL`,
        ),
      );
    });
    await drills.flags('off');
    await promisify(execFile)(process.execPath, [JOBS, 'retry', 'payment'], {
      env: drills.shop.env,
    });
    for (const { id } of bought) await becomes(token, id, 'CONFIRMED');
    await drills.allEnd();
  });

  it('DueRowsOverdue while nothing takes a row that is due', async () => {
    await drills.flags('provider.fail=on');
    const { id } = await buy();
    await inDatabase('payment', async (client) => {
      await client.query(
        `UPDATE payments SET due_at = now() + interval '3 seconds' WHERE order_id = $1`,
        [id],
      );
      await client.query('BEGIN');
      await client.query('SELECT FROM payments WHERE order_id = $1 FOR UPDATE', [id]);
      await drills.becomesTrue('DueRowsOverdue', 'service="payment",table="payments"', search);
    });
    await drills.flags('off');
    await becomes(token, id, 'CONFIRMED');
    await drills.allEnd();
  });

  it('EventsLate when another session kept events from being published', async () => {
    await inDatabase('order', async (client) => {
      await client.query('BEGIN');
      await client.query("SELECT pg_advisory_xact_lock(hashtextextended('deliver_events', 0))");
      await useShop();
      await sleep(LATE_MS);
      await client.query('COMMIT');
    });
    await drills.becomesTrue('EventsLate', 'service="order"', search);
    await drills.allEnd();
  });

  it('PoolExhausted while all connections of a service wait for a lock', async () => {
    await inDatabase('product', async (client) => {
      await client.query('BEGIN');
      await client.query('LOCK TABLE products IN ACCESS EXCLUSIVE MODE');
      await during(CROWD, search, () =>
        drills.becomesTrue('PoolExhausted', 'service="product"', async () => undefined),
      );
    });
    await eventually(useShop);
    await drills.allEnd();
  });

  it('EventLoopSlow while a process gets no CPU', async () => {
    const pid = findApp(drills.shop, 'product');
    const starve = async () => {
      process.kill(pid, 'SIGSTOP');
      await sleep(STOPPED_MS);
      process.kill(pid, 'SIGCONT');
      await sleep(RUNNING_MS);
    };
    await during(1, starve, () =>
      drills.becomesTrue('EventLoopSlow', 'service="product"', async () => undefined),
    );
    await eventually(useShop);
    await drills.allEnd();
  });

  const redisFails = async (): Promise<void> => {
    await redis?.kill();
    await drills.becomesTrue('RedisFailing', 'service="router"', useShop);
    await redis?.start();
    await eventually(useShop);
    await drills.allEnd();
  };
  // Without it there is nothing to test: findRedisServer prints that, and throws where CI=true.
  if (redisProgram) it('RedisFailing while Redis is down; the shop works without it', redisFails);
  else it('Redis was not tried: there is none', () => undefined);
};

// Without it there is nothing to test: findPrometheus prints that, and throws where CI=true.
if (programs) describe('an alert fires:', () => tryCauses(programs.prometheus));
else it('Prometheus was not tried: there is none', () => undefined);
