// Not for a remote shop: starts, kills and stops processes of the shop.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { newShopper } from '../testkit/accounts.ts';
import { pay, placeOrder } from '../testkit/orders.ts';
import { familyOf, findApp, findPostgres, isAlive } from '../testkit/processes.ts';
import { setFlags } from '../testkit/set-flags.ts';
import { connectAsSuperuser } from '../testkit/superuser.ts';
import { makeShopEnvironment, spawnShop, startShop, type Shop } from '../testkit/start-shop.ts';
import { watchOrder } from '../testkit/watch-order.ts';
import { findPrometheus } from '../../tools/observability/test/find-prometheus.ts';
import { APPS, SERVICES, variableOf, type AppName } from '../../tools/services.ts';
import { findServicePort } from '../sandbox/service-port.ts';

const expectReady = async (shop: Shop, app: AppName): Promise<void> => {
  const response = await fetch(`http://127.0.0.1:${shop.ports[app]}/readyz`);
  expect(response.status).toBe(200);
};

const expectProducts = async (shop: Shop): Promise<void> => {
  const response = await fetch(`http://127.0.0.1:${shop.ports.rest}/v1/products?limit=1`);
  expect(response.status).toBe(200);
};

/** The status of a page that no cache has. */
const statusOfSearch = async ({ ports }: Shop): Promise<number> =>
  (await fetch(`http://127.0.0.1:${ports.rest}/v1/products?q=${randomUUID()}`)).status;

const programs = await findPrometheus();

/** The address that is printed beside a word. */
const addressOf = (what: string, { output }: Shop): string =>
  new RegExp(`^ +${what} +(http:\\S+)$`, 'm').exec(output())?.[1] ?? '';

describe('npm start', () => {
  let shop: Shop;
  /** The processes of the shop that was killed. */
  let killed: ReturnType<typeof familyOf> = [];

  beforeAll(async () => {
    const folders = [...(programs ? [path.dirname(programs.prometheus)] : []), process.env['PATH']];
    const given = {
      PATH: folders.join(path.delimiter),
      PROMETHEUS_PORT: String(await findServicePort()),
      // Longer than any wait of these tests: what ends a request earlier is not its time.
      ROUTER_TIMEOUT_MS: '300000',
      SUBGRAPH_TIMEOUT_MS: '300000',
    };
    shop = await startShop(given, ['--observe']);
  }, 180_000);

  afterAll(async () => {
    await shop.stop();
    await shop.remove();
  });

  it('prints the addresses, the accounts and the next command to try', () => {
    const { router, rest } = shop.ports;
    for (const text of [
      `http://localhost:${router}/graphql`,
      `http://localhost:${router}/graphiql`,
      `http://localhost:${rest}/v1`,
      'admin@example.com / cartograph-admin',
      'shopper@example.com / cartograph-shopper',
      'curl ',
    ]) {
      expect(shop.output()).toContain(text);
    }
  });

  it('--observe starts a Prometheus that reads every process, or says how to get one', async () => {
    if (!programs) return expect(shop.output()).toContain('apt-get install prometheus');
    const api = `${addressOf('Prometheus', shop)}/api/v1`;
    const read = async (what: string) => (await (await fetch(`${api}/${what}`)).json()).data;
    await eventually(async () => {
      const { result } = await read('query?query=up==1');
      const up = result.map(({ metric }: { metric: { service: string } }) => metric.service);
      expect(up.toSorted()).toEqual(APPS.toSorted());
    });
    expect((await read('rules')).groups.length).toBeGreaterThan(5);
  });

  it('has a page with the status of every process, and nothing from elsewhere', async () => {
    const address = addressOf('Status', shop);
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; /);
    expect(await page.text()).not.toMatch(/(?:src|href|url)[=(]["']?(?:https?:)?\/\//i);
    await eventually(async () => {
      const { processes } = await (await fetch(`${address}.json`)).json();
      const ready = processes.filter(({ state }: { state: string }) => state === 'ready');
      expect(ready.map(({ name }: { name: string }) => name).toSorted()).toEqual(APPS.toSorted());
      for (const { version } of ready) expect(version).toMatch(/^\d+\.\d+\.\d+/);
    });
  });

  it('restarts every app when it is killed', async () => {
    const pids = APPS.map((app) => findApp(shop, app));
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await eventually(async () => {
      const now = APPS.map((app) => findApp(shop, app));
      expect(now.filter((pid) => pids.includes(pid))).toEqual([]);
      for (const app of APPS) await expectReady(shop, app);
    });
  });

  it('continues the events of an order when the REST API is killed', async () => {
    process.env['E2E_REST_URL'] = `http://127.0.0.1:${shop.ports.rest}`;
    const { token } = await newShopper();
    const { id } = await placeOrder(token);
    const watched = watchOrder(token, id);
    try {
      await eventually(() => expect(watched.events()).toEqual(['1 PENDING']));
      process.kill(findApp(shop, 'rest'), 'SIGKILL');
      await eventually(() => expectReady(shop, 'rest'));
      expect((await pay(token, id)).status).toBe(200);
      await eventually(() => expect(watched.isOver()).toBe(true));
      expect(watched.events()).toEqual(['1 PENDING', '2 CONFIRMED']);
      expect(watched.statuses().at(-1)).toBe(204);
    } finally {
      watched.close();
    }
  });

  it('restarts Postgres when it is killed, and the shop continues to work', async () => {
    const pid = findPostgres(shop);
    process.kill(pid, 'SIGKILL');
    await eventually(async () => {
      expect(findPostgres(shop)).not.toBe(pid);
      for (const app of APPS) await expectReady(shop, app);
      await expectProducts(shop);
    });
  });

  it('cancels the SQL of a request to /v1 when its client hangs up', async () => {
    const holder = await connectAsSuperuser(shop, 'cartograph_product');
    try {
      await holder.query('BEGIN');
      await holder.query('LOCK TABLE products IN ACCESS EXCLUSIVE MODE');
      const countWaiting = async (): Promise<number> => {
        const { rows } = await holder.query<{ query: string }>(
          `SELECT query FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'
             AND query LIKE '/* product.%'`,
        );
        return rows.length;
      };
      const hangUp = new AbortController();
      const url = `http://127.0.0.1:${shop.ports.rest}/v1/products?category=${randomUUID()}`;
      const answer = fetch(url, { signal: hangUp.signal });
      answer.catch(() => {});
      await eventually(async () => expect(await countWaiting()).toBe(1));
      hangUp.abort();
      await expect(answer).rejects.toThrow();
      await eventually(async () => expect(await countWaiting()).toBe(0));
    } finally {
      await holder.end();
    }
    await eventually(() => expectProducts(shop));
  });

  it('has a service fail while its flag is on', async () => {
    expect(await setFlags(shop, 'product.fail=on', 'payment.slow=1s')).toBe(
      'product.fail=on\npayment.slow=1000ms\n',
    );
    expect(await statusOfSearch(shop)).toBe(503);
    await expectReady(shop, 'product');
    expect(await setFlags(shop, 'off')).toBe('No flag is on.\n');
    await eventually(async () => expect(await statusOfSearch(shop)).toBe(200));
  });

  it('refuses to run twice, and names the process that runs', async () => {
    const second = spawnShop(shop);
    const [code] = (await once(second.process, 'exit')) as [number];
    expect(code).toBe(1);
    expect(second.output()).toContain(String(shop.process.pid));
    await expectProducts(shop);
  });

  it('refuses a port that is in use, and leaves nothing behind', async () => {
    const made = await makeShopEnvironment();
    const env = { ...made.env, REST_PORT: String(shop.ports.rest) };
    const second = spawnShop({ ...made, env });
    const [code] = (await once(second.process, 'exit')) as [number];
    expect(code).toBe(1);
    expect(second.output()).toContain(`REST_PORT ${shop.ports.rest}: in use`);
    await second.remove();
  });

  const NOWHERE = 'postgres://user:secret@127.0.0.1:1/shop';
  const EXTERNAL = Object.fromEntries(
    SERVICES.map((name) => [variableOf(name, 'DATABASE_URL'), NOWHERE]),
  );

  it.each([
    ['a database is unreachable', EXTERNAL, /_DATABASE_URL can't be used.*ECONNREFUSED/],
    ['only one database is given', { USER_DATABASE_URL: NOWHERE }, /^Set every \*_DATABASE_URL/],
    [
      'its folder is not writable',
      { CARTOGRAPH_STATE_DIR: '/sys/shop' },
      /^Cannot use \/sys\/shop/,
    ],
    [
      'its folder is a file',
      { CARTOGRAPH_STATE_DIR: import.meta.filename },
      /^Cannot use .* a file/,
    ],
    ['a port is not a number', { REST_PORT: 'http' }, /^REST_PORT is not a port: "http"\.$/],
  ])('says in one sentence that %s, and exits with 1', async (_what, given, sentence) => {
    const made = await makeShopEnvironment();
    const second = spawnShop({ ...made, env: { ...made.env, ...given } });
    const [code] = (await once(second.process, 'exit')) as [number];
    const lines = second.output().trimEnd().split('\n');
    const said = lines.filter((line) => !/^(?:Starting|Stopping) |^$/.test(line));
    expect({ code, said }).toEqual({ code: 1, said: [expect.stringMatching(sentence)] });
    expect(second.output()).not.toContain('secret');
    await rm(made.env['CARTOGRAPH_STATE_DIR'] ?? '', { recursive: true, force: true });
  });

  it('leaves no app and no Prometheus running when it is killed, and starts again with its stored state', async () => {
    const family = familyOf(shop.process.pid ?? 0);
    shop.process.kill('SIGKILL');
    await eventually(() => {
      const apps = family.filter(({ command }) => /apps\/|prometheus /.test(command));
      expect(apps.length).toBeGreaterThan(5);
      expect(apps.filter(({ pid }) => isAlive(pid))).toEqual([]);
    });
    // Postgres may outlive its supervisor: the next start takes it over.
    shop = spawnShop(shop, ['--observe']);
    await once(shop.process, 'message');
    await expectProducts(shop);
    killed = family;
  });

  it('leaves no process behind after Ctrl-C', async () => {
    const family = familyOf(shop.process.pid ?? 0);
    expect(family.length).toBeGreaterThan(7);
    expect(await shop.stop()).toBe(0);
    expect([...killed, ...family].filter(({ pid }) => isAlive(pid))).toEqual([]);
  });
});
