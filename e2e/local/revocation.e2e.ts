// Not for a remote shop: starts a shop with short time limits, and kills processes of it.
import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRemoteRevocations } from '@cartograph/sessions';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { graph } from '../testkit/graph.ts';
import { newShopper, PASSWORD, signIn } from '../testkit/accounts.ts';
import { findApp } from '../testkit/processes.ts';
import { environmentOfShop, replaceApp } from '../testkit/replace-app.ts';
import { rest } from '../testkit/rest.ts';
import { startShop, type Shop } from '../testkit/start-shop.ts';

const GRANT = path.resolve(
  import.meta.dirname,
  '..',
  '..',
  'apps',
  'user',
  'src',
  'commands',
  'grant.ts',
);

let shop: Shop;

beforeAll(async () => {
  shop = await startShop({ SESSION_STALENESS_ADMIN_MS: '3000', SESSION_STALENESS_MS: '20000' });
  process.env['E2E_GRAPH_URL'] = `http://127.0.0.1:${shop.ports.router}/graphql`;
  process.env['E2E_REST_URL'] = `http://127.0.0.1:${shop.ports.rest}`;
}, 180_000);

afterAll(async () => {
  await shop.stop();
  await shop.remove();
});

const codeOf = async (query: string, token: string): Promise<string> => {
  const { errors } = await graph(query, {}, { token });
  return errors[0]?.extensions.code ?? 'OK';
};

/** What a token can do in the product, order and payment service. */
const reach = (token: string) =>
  Promise.all([
    codeOf('{ stockMovements(first: 1) { nodes { id } } }', token),
    codeOf('mutation { createOrder(input: { items: [] }) { __typename } }', token),
    codeOf(`{ payment(id: "${randomUUID()}") { id } }`, token),
  ]);

/** The same, and the status of the user service. */
const reachAll = async (token: string) => [
  ...(await reach(token)),
  (await rest('GET', '/v1/me', { token })).status,
];

const ADMIN = ['OK', 'OK', 'OK'];
const CUSTOMER = ['FORBIDDEN', 'OK', 'OK'];
const REFUSED = Array<string>(3).fill('UNAUTHENTICATED');
const UNAVAILABLE = Array<string>(3).fill('UNAVAILABLE');

const grant = (email: string, role: string) =>
  promisify(execFile)(process.execPath, [GRANT, email, role], { env: shop.env });

const newAdmin = async () => {
  const { email } = await newShopper();
  await grant(email, 'ADMIN');
  return signIn(email);
};

/** Waits until every service refuses a token, and prints how long it took. */
const untilRefused = async (token: string, what: string): Promise<void> => {
  const start = performance.now();
  await eventually(async () => expect(await reachAll(token)).toEqual([...REFUSED, 401]));
  const ms = Math.round(performance.now() - start);
  console.info(`${what}: refused everywhere after ${ms} ms`);
};

/** Tokens of a signed-out customer, a demoted administrator and a former password. */
const revoked: string[] = [];

describe('a token', () => {
  it('is refused everywhere when its session is signed out', async () => {
    const { token } = await newShopper();
    expect(await reachAll(token)).toEqual([...CUSTOMER, 200]);
    expect((await rest('POST', '/v1/auth/logout', { token })).status).toBe(204);
    await untilRefused(token, 'sign-out');
    revoked.push(token);
  });

  it('is refused everywhere when its administrator is demoted', async () => {
    const { email, token } = await newAdmin();
    expect(await reachAll(token)).toEqual([...ADMIN, 200]);
    expect((await grant(email, 'USER')).stdout).toContain('is USER now; 1 sessions ended.');
    await untilRefused(token, 'demotion');
    revoked.push(token);
  });

  it('is refused everywhere when the password is changed', async () => {
    const { email, token } = await newShopper();
    const { token: current } = await signIn(email);
    const changed = await rest('POST', '/v1/auth/password', {
      token: current,
      body: { current_password: PASSWORD, new_password: 'a new battery staple' },
    });
    expect(changed.status).toBe(204);
    await untilRefused(token, 'password');
    expect(await reachAll(current)).toEqual([...CUSTOMER, 200]);
    revoked.push(token);
  });
});

const expectRevokedRefused = async () => {
  expect(revoked).toHaveLength(3);
  for (const token of revoked) expect(await reach(token)).toEqual(REFUSED);
};

const expectPublic = async () =>
  expect((await rest('GET', '/v1/products?limit=1')).status).toBe(200);

describe('while the user service hangs', () => {
  it('revoked tokens stay refused; administrators are refused, and later all accounts', async () => {
    const { token: customer } = await newShopper();
    const { token: admin } = await newAdmin();
    const pid = findApp(shop, 'user');
    process.kill(pid, 'SIGSTOP');
    try {
      expect(await reach(customer)).toEqual(CUSTOMER);
      await expectRevokedRefused();
      await eventually(async () => expect(await reach(admin)).toEqual(UNAVAILABLE));
      expect(await reach(customer)).toEqual(CUSTOMER);
      await expectRevokedRefused();
      await eventually(async () => expect(await reach(customer)).toEqual(UNAVAILABLE), 90_000);
      await expectRevokedRefused();
      await expectPublic();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await eventually(async () => {
      expect(await reachAll(admin)).toEqual([...ADMIN, 200]);
      expect(await reachAll(customer)).toEqual([...CUSTOMER, 200]);
    });
    await expectRevokedRefused();
  }, 180_000);
});

/** Reads the feed as the order service does. */
const readFeed = async () => {
  const feed = makeRemoteRevocations({
    service: 'user',
    url: `http://127.0.0.1:${shop.ports.user}/graphql`,
    caller: 'order',
    secret: environmentOfShop(shop)['ORDER_SECRET'] ?? '',
    timeoutMs: 60_000,
  });
  return feed.read(null, 0).finally(() => feed.close());
};

describe('while the user service answers 403 to the other services', () => {
  it('revoked tokens stay refused; later all accounts are refused', async () => {
    const { token: customer } = await newShopper();
    const { token: admin } = await newAdmin();
    expect(await readFeed()).toMatchObject({ ids: expect.any(Array) });
    const otherSecret = () => randomBytes(32).toString('hex');
    const end = await replaceApp(shop, 'user', {
      PRODUCT_SECRET: otherSecret(),
      ORDER_SECRET: otherSecret(),
      PAYMENT_SECRET: otherSecret(),
    });
    try {
      await expect(readFeed()).rejects.toThrow('responded with 403');
      await expectRevokedRefused();
      await eventually(async () => expect(await reach(admin)).toEqual(UNAVAILABLE));
      // The user service itself serves the router, as before.
      await eventually(
        async () => expect(await reachAll(customer)).toEqual([...UNAVAILABLE, 200]),
        90_000,
      );
      for (const token of revoked) expect(await reachAll(token)).toEqual([...REFUSED, 401]);
      await expectPublic();
    } finally {
      await end();
    }
    await eventually(async () => {
      expect(await reachAll(admin)).toEqual([...ADMIN, 200]);
      expect(await reachAll(customer)).toEqual([...CUSTOMER, 200]);
    }, 90_000);
    await expectRevokedRefused();
  }, 300_000);
});

describe('when the user service was killed', () => {
  it('revoked tokens are refused while it is down, and when it is ready again', async () => {
    const { token: customer } = await newShopper();
    const pid = findApp(shop, 'user');
    process.kill(pid, 'SIGKILL');
    await expectRevokedRefused();
    await expectPublic();
    await eventually(async () => {
      await expectRevokedRefused();
      expect((await fetch(`http://127.0.0.1:${shop.ports.user}/readyz`)).status).toBe(200);
    }, 90_000);
    await eventually(async () => expect(await reachAll(customer)).toEqual([...CUSTOMER, 200]));
    for (const token of revoked) expect(await reachAll(token)).toEqual([...REFUSED, 401]);
  }, 180_000);
});
