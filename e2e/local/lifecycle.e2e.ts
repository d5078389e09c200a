// Not for a remote shop: starts, kills and stops processes of the shop.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { familyOf, findApp, findPostgres, isAlive } from '../testkit/processes.ts';
import { makeShopEnvironment, spawnShop, startShop, type Shop } from '../testkit/start-shop.ts';
import { APPS, SERVICES, variableOf, type AppName } from '../../tools/services.ts';

const expectReady = async (shop: Shop, app: AppName): Promise<void> => {
  const response = await fetch(`http://127.0.0.1:${shop.ports[app]}/readyz`);
  expect(response.status).toBe(200);
};

const expectProducts = async (shop: Shop): Promise<void> => {
  const response = await fetch(`http://127.0.0.1:${shop.ports.rest}/v1/products?limit=1`);
  expect(response.status).toBe(200);
};

const FLAG = path.resolve(import.meta.dirname, '..', '..', 'tools', 'flag', 'main.ts');

/** Runs `npm run flag`. @returns the flags that are on */
const setFlags = async ({ env }: Shop, ...flags: readonly string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, [FLAG, ...flags], { env })).stdout;

/** The status of a page that no cache has. */
const statusOfSearch = async ({ ports }: Shop): Promise<number> =>
  (await fetch(`http://127.0.0.1:${ports.rest}/v1/products?q=${randomUUID()}`)).status;

describe('npm start', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await startShop();
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

  it('restarts every app when it is killed', async () => {
    const pids = APPS.map((app) => findApp(shop, app));
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await eventually(async () => {
      const now = APPS.map((app) => findApp(shop, app));
      expect(now.filter((pid) => pids.includes(pid))).toEqual([]);
      for (const app of APPS) await expectReady(shop, app);
    });
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

  it('leaves no process behind after Ctrl-C', async () => {
    const family = familyOf(shop.process.pid ?? 0);
    expect(family.length).toBeGreaterThan(7);
    expect(await shop.stop()).toBe(0);
    expect(family.filter(({ pid }) => isAlive(pid))).toEqual([]);
  });

  it('starts again with its stored state, and leaves no app running when it is killed', async () => {
    const again = spawnShop(shop);
    await once(again.process, 'message');
    await expectProducts(again);
    const family = familyOf(again.process.pid ?? 0);
    again.process.kill('SIGKILL');
    await eventually(() => {
      const apps = family.filter(({ command }) => command.includes('apps/'));
      expect(apps.filter(({ pid }) => isAlive(pid))).toEqual([]);
    });
    // Postgres may outlive its supervisor: the next start takes it over.
    const third = spawnShop(shop);
    await once(third.process, 'message');
    await expectProducts(third);
    expect(await third.stop()).toBe(0);
    expect(family.filter(({ pid }) => isAlive(pid))).toEqual([]);
  });
});
