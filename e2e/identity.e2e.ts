import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { graph } from './testkit/graph.ts';
import { newShopper } from './testkit/people.ts';
import { rest } from './testkit/rest.ts';

const password = 'correct horse battery';

const signUp = async () => {
  const email = `${randomUUID()}@example.com`;
  const { body } = await rest('POST', '/v1/auth/register', { body: { email, password } });
  return { email, access: body.access_token as string, refresh: body.refresh_token as string };
};

const signIn = async (email: string) => {
  const { body } = await rest('POST', '/v1/auth/login', { body: { email, password } });
  return { access: body.access_token as string, refresh: body.refresh_token as string };
};

/** What a token is good for, on both doors and behind each subgraph that asks who is there. */
const reach = async (token: string) => {
  const me = await rest('GET', '/v1/me', { token });
  const orders = await rest('GET', '/v1/orders', { token });
  const created = await graph(
    'mutation { createOrder(input: { items: [] }) { __typename } }',
    {},
    { token },
  );
  const payment = await graph(`{ payment(id: "${randomUUID()}") { id } }`, {}, { token });
  return [
    me.status,
    orders.status,
    created.errors[0]?.extensions.code ?? 'OK',
    payment.errors[0]?.extensions.code ?? 'OK',
  ];
};

const EVERYTHING = [200, 200, 'OK', 'OK'];
const NOTHING = [401, 401, 'UNAUTHENTICATED', 'UNAUTHENTICATED'];

describe('a session', () => {
  it('ends everywhere else at once with a new password, on both doors', async () => {
    const { email, ...other } = await signUp();
    const mine = await signIn(email);
    expect(await reach(other.access)).toEqual(EVERYTHING);
    const changed = await rest('POST', '/v1/auth/password', {
      token: mine.access,
      body: { current_password: password, new_password: 'a new battery staple' },
    });
    expect(changed.status).toBe(204);
    expect(await reach(other.access)).toEqual(NOTHING);
    expect(await reach(mine.access)).toEqual(EVERYTHING);
    const refreshed = await rest('POST', '/v1/auth/refresh', {
      body: { refresh_token: other.refresh },
    });
    expect(refreshed.body.code).toBe('INVALID_REFRESH_TOKEN');
  });

  it('goes on with its refresh token, and ends when it is signed out', async () => {
    const { access, refresh } = await signUp();
    const { body } = await rest('POST', '/v1/auth/refresh', { body: { refresh_token: refresh } });
    expect(await reach(body.access_token)).toEqual(EVERYTHING);
    const out = await rest('POST', '/v1/auth/logout', {
      body: { refresh_token: body.refresh_token },
    });
    expect(out.status).toBe(204);
    expect(await reach(access)).toEqual(NOTHING);
    expect(await reach(body.access_token)).toEqual(NOTHING);
  });

  it('shows the device that it was opened on', async () => {
    const email = `${randomUUID()}@example.com`;
    const { body } = await rest('POST', '/v1/auth/register', {
      body: { email, password },
      headers: { 'user-agent': 'Scenario/1.0' },
    });
    const list = await rest('GET', '/v1/me/sessions', { token: body.access_token });
    expect(list.body.data).toMatchObject([{ device: 'Scenario/1.0', current: true }]);
  });
});

describe('a forged token', () => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it.each([
    ['signed by nobody', (t: string[]) => `${encode({ alg: 'none', typ: 'at+jwt' })}.${t[1]}.`],
    [
      'of another role',
      (t: string[]) => {
        const claims = JSON.parse(Buffer.from(t[1] ?? '', 'base64url').toString()) as object;
        return [t[0], encode({ ...claims, role: 'ADMIN' }), t[2]].join('.');
      },
    ],
    ['with a cut signature', (t: string[]) => [t[0], t[1], t[2]?.slice(0, -4)].join('.')],
  ])('%s is refused on both doors', async (_, forge) => {
    const { token } = await newShopper();
    expect(await reach(forge(token.split('.')))).toEqual(NOTHING);
  });

  it('is not made of a refresh token', async () => {
    const { refresh } = await signUp();
    expect(await reach(refresh)).toEqual(NOTHING);
  });
});
