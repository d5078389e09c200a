import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  type JsonWebKey,
} from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { eventually } from './testkit/eventually.ts';
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

/** Every service hears of a session that ended within a second; a busy machine may take longer. */
const reachesNothing = (token: string) =>
  eventually(async () => expect(await reach(token)).toEqual(NOTHING));

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
    await reachesNothing(other.access);
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
    await reachesNothing(access);
    await reachesNothing(body.access_token);
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
  const decode = (text = '') => JSON.parse(Buffer.from(text, 'base64url').toString()) as object;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  const findPublicKey = async () => {
    const [port] = (process.env['E2E_SUBGRAPH_PORTS'] ?? '').split(',');
    const response = await fetch(`http://127.0.0.1:${port}/.well-known/jwks.json`);
    const { keys } = (await response.json()) as { keys: JsonWebKey[] };
    return createPublicKey({ key: keys[0] as never, format: 'jwk' });
  };

  /** A token of whoever holds `key`, with the header and claims of a real one but for a change. */
  const resign = (token: string, header: object, claims: object, key = privateKey) => {
    const [head, body] = token.split('.');
    const text = [
      encode({ ...decode(head), ...header }),
      encode({ ...decode(body), ...claims }),
    ].join('.');
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  };

  const unsigned = (alg: string) => (token: string) => {
    const [head, body] = token.split('.');
    return `${encode({ ...decode(head), alg })}.${body}.`;
  };

  const withPublicKeyAsSecret = async (token: string) => {
    const [head, body] = token.split('.');
    const text = `${encode({ ...decode(head), alg: 'HS256' })}.${body}`;
    const pem = (await findPublicKey()).export({ type: 'spki', format: 'pem' });
    return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
  };

  it.each<[string, (token: string) => string | Promise<string>]>([
    ['signed by nobody', unsigned('none')],
    ['signed by nobody, in capitals', unsigned('NONE')],
    ['signed by nobody, in both', unsigned('nOnE')],
    ['signed with the public key as a secret', withPublicKeyAsSecret],
    ['signed with another key', (token) => resign(token, {}, {})],
    [
      'that brings its own key',
      (token) => resign(token, { jwk: publicKey.export({ format: 'jwk' }) }, {}),
    ],
    [
      'that says where its key is',
      (token) => resign(token, { jku: 'http://127.0.0.1:1/keys', x5u: 'http://127.0.0.1:1/' }, {}),
    ],
    ['whose key id is a path', (token) => resign(token, { kid: '../../dev/null' }, {})],
    ['whose key id is SQL', (token) => resign(token, { kid: "' OR 1=1 --" }, {})],
    [
      'of another role',
      (token) => {
        const [head, body, signature] = token.split('.');
        return [head, encode({ ...decode(body), role: 'ADMIN' }), signature].join('.');
      },
    ],
    ['with a cut signature', (token) => token.slice(0, -4)],
    ['without a signature', (token) => `${token.split('.').slice(0, 2).join('.')}.`],
  ])('%s is refused on both doors', async (_, forge) => {
    const { token } = await newShopper();
    expect(await reach(token)).toEqual(EVERYTHING);
    expect(await reach(await forge(token))).toEqual(NOTHING);
  });

  it('is not made of a refresh token, or of the proof that a service calls', async () => {
    const { refresh } = await signUp();
    expect(await reach(refresh)).toEqual(NOTHING);
    expect(await reach(`order.${Date.now()}.nonce.signature`)).toEqual(NOTHING);
  });
});
