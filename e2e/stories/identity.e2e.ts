import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { newShopper, PASSWORD, signIn } from '../testkit/accounts.ts';
import { EVERYTHING, NOTHING, reach } from '../testkit/reach.ts';
import { rest } from '../testkit/rest.ts';

/** Every service knows within a second that a session has ended; a busy machine may take longer. */
const reachesNothing = (token: string) =>
  eventually(async () => expect(await reach(token)).toEqual(NOTHING));

describe('a session', () => {
  it('ends everywhere else with a new password, in both APIs', async () => {
    const other = await newShopper();
    const mine = await signIn(other.email);
    expect(await reach(other.token)).toEqual(EVERYTHING);
    const changed = await rest('POST', '/v1/auth/password', {
      token: mine.token,
      body: { current_password: PASSWORD, new_password: 'a new battery staple' },
    });
    expect(changed.status).toBe(204);
    await reachesNothing(other.token);
    expect(await reach(mine.token)).toEqual(EVERYTHING);
    const refreshed = await rest('POST', '/v1/auth/refresh', {
      body: { refresh_token: other.refreshToken },
    });
    expect(refreshed.body.code).toBe('INVALID_REFRESH_TOKEN');
  });

  it('continues with its refresh token, and ends when it is signed out', async () => {
    const { token, refreshToken } = await newShopper();
    const { body } = await rest('POST', '/v1/auth/refresh', {
      body: { refresh_token: refreshToken },
    });
    expect(await reach(body.access_token)).toEqual(EVERYTHING);
    const out = await rest('POST', '/v1/auth/logout', {
      body: { refresh_token: body.refresh_token },
    });
    expect(out.status).toBe(204);
    await reachesNothing(token);
    await reachesNothing(body.access_token);
  });

  it('shows its device', async () => {
    const email = `${randomUUID()}@example.com`;
    const { body } = await rest('POST', '/v1/auth/register', {
      body: { email, password: PASSWORD },
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

  /** A real token with a changed header and claims, signed with another key. */
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

  it.each<[string, (token: string) => string]>([
    ['without a signing algorithm', unsigned('none')],
    ['without a signing algorithm, in capitals', unsigned('NONE')],
    ['without a signing algorithm, in mixed case', unsigned('nOnE')],
    ['signed with another key', (token) => resign(token, {}, {})],
    [
      'that contains its own key',
      (token) => resign(token, { jwk: publicKey.export({ format: 'jwk' }) }, {}),
    ],
    [
      'that names the address of its key',
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
  ])('%s is refused in both APIs', async (_, forge) => {
    const { token } = await newShopper();
    expect(await reach(token)).toEqual(EVERYTHING);
    expect(await reach(forge(token))).toEqual(NOTHING);
  });

  it('is neither a refresh token nor the signature of a service', async () => {
    const { refreshToken } = await newShopper();
    expect(await reach(refreshToken)).toEqual(NOTHING);
    expect(await reach(`order.${Date.now()}.nonce.signature`)).toEqual(NOTHING);
  });
});
