import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTokenMaker } from '@cartograph/testing';
import { openUser, PASSWORD, type UserService } from './open-user.ts';

let service: UserService;

beforeAll(async () => {
  service = await openUser();
});

afterAll(() => service.close());

describe('register', () => {
  it('creates an account and signs it in', async () => {
    const session = await service.register('Ada@Example.com');
    expect(session).toMatchObject({
      __typename: 'Session',
      user: { email: 'ada@example.com', role: 'USER' },
    });
    expect(await service.whoIs(session)).toBe('ada@example.com');
  });

  it('stores neither the password nor the refresh token', async () => {
    const { refreshToken } = await service.register('secrets@example.com');
    const rows = await service.database.query('SELECT * FROM users, refresh_tokens, sessions');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(PASSWORD);
    expect(JSON.stringify(rows)).not.toContain(refreshToken);
    expect(JSON.stringify(rows)).toContain('$argon2id$v=19$m=19456,p=1,t=2$');
  });

  it('creates one account for concurrent requests with spellings of one address', async () => {
    const spellings = ['bob@example.com', 'BOB@example.com', ' bob@example.com '];
    const results = await Promise.all(spellings.map(service.register));
    const types = results.map(({ __typename }) => __typename).sort();
    expect(types).toEqual(['EmailTakenProblem', 'EmailTakenProblem', 'Session']);
  });

  it('names every fault of the input', async () => {
    const { data } = await service.send(
      `mutation { register(input: { email: "invalid", password: "short" }) {
         ... on ValidationFailedProblem { code fields { path } } } }`,
    );
    expect(data.register).toEqual({
      code: 'VALIDATION_FAILED',
      fields: [{ path: 'email' }, { path: 'password' }],
    });
  });
});

describe('login', () => {
  it('signs in with any spelling of the address', async () => {
    const { user } = await service.register('carol@example.com');
    expect(await service.login(' Carol@example.com')).toMatchObject({ user: { id: user.id } });
  });

  it('signs in with either spelling of an internationalised domain', async () => {
    const { user } = await service.register('a&b@пример.рф');
    expect(user.email).toBe('a&b@xn--e1afmkfd.xn--p1ai');
    expect((await service.register('A&B@xn--e1afmkfd.рф')).code).toBe('EMAIL_TAKEN');
    expect(await service.login('a&b@ПРИМЕР.xn--p1ai')).toMatchObject({ user: { id: user.id } });
  });

  it('has the same result for a wrong password and an unknown address', async () => {
    await service.register('dave@example.com');
    const wrong = await service.login('dave@example.com', 'no such password');
    expect(wrong.code).toBe('INVALID_CREDENTIALS');
    expect(await service.login('eve@example.com', 'no such password')).toEqual(wrong);
  });

  it('replaces a weak hash by a stronger one', async () => {
    const { user } = await service.register('olga@example.com');
    const [row] = await service.database.query<{ password_hash: string }>(
      'SELECT password_hash FROM users WHERE id = $1',
      [user.id],
    );
    const { argon2id, hash } = await import('argon2');
    const cheap = await hash(PASSWORD, { type: argon2id, memoryCost: 8192, timeCost: 1 });
    await service.database.query('UPDATE users SET password_hash = $1 WHERE id = $2', [
      cheap,
      user.id,
    ]);
    // Concurrent sign-ins: each finds the weak hash, one replaces it, none is refused.
    const results = await Promise.all(
      Array.from({ length: 6 }, () => service.login('olga@example.com')),
    );
    expect(results.map(({ __typename }) => __typename)).toEqual(Array(6).fill('Session'));
    const [after] = await service.database.query<{ password_hash: string }>(
      'SELECT password_hash FROM users WHERE id = $1',
      [user.id],
    );
    const parameters = (text: string | undefined) => text?.split('$')[3];
    expect(parameters(after?.password_hash)).toBe(parameters(row?.password_hash));
    expect((await service.login('olga@example.com')).__typename).toBe('Session');
  });
});

describe('me and user', () => {
  it('is null without an access token', async () => {
    for (const authorization of [undefined, 'Basic YTpi']) {
      const { data, errors } = await service.send('{ me { id } }', {}, authorization);
      expect(errors).toEqual([]);
      expect(data).toEqual({ me: null });
    }
  });

  it('is UNAUTHENTICATED with an invalid token, and with one of another key', async () => {
    const other = await makeTokenMaker();
    const forged = other.authorize().authorization;
    await other.close();
    for (const authorization of ['Bearer nonsense', 'Bearer', forged]) {
      const { data, errors } = await service.send('{ me { id } }', {}, authorization);
      expect(data).toEqual({ me: null });
      expect(errors).toMatchObject([{ path: ['me'], extensions: { code: 'UNAUTHENTICATED' } }]);
    }
  });

  it('shows any account to an administrator, and to no other viewer', async () => {
    const { user, accessToken } = await service.register('frank@example.com');
    const query = 'query ($id: ID!) { user(id: $id) { email } }';
    const admin = await service.loginAdmin('root@example.com');
    expect((await service.send(query, user, admin)).data).toEqual({
      user: { email: 'frank@example.com' },
    });
    const shopper = await service.send(query, user, `Bearer ${accessToken}`);
    expect(shopper.errors[0]?.extensions.code).toBe('FORBIDDEN');
    const signedOut = await service.send(query, user);
    expect(signedOut.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('refuses an invalid id', async () => {
    const admin = await service.loginAdmin('root2@example.com');
    const { errors } = await service.send('{ user(id: "1 OR 1=1") { email } }', {}, admin);
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('resolves a reference to the account of another customer to null', async () => {
    const { user, accessToken } = await service.register('grace@example.com');
    const stranger = await service.register('heidi@example.com');
    const query = `query ($id: ID!) {
      _entities(representations: [{ __typename: "User", id: $id }]) { ... on User { email } }
    }`;
    const own = await service.send(query, user, `Bearer ${accessToken}`);
    expect(own.data._entities).toEqual([{ email: 'grace@example.com' }]);
    const other = await service.send(query, user, `Bearer ${stranger.accessToken}`);
    expect(other.data._entities).toEqual([null]);
  });

  it('changes the name of a customer', async () => {
    const { accessToken } = await service.register('ivan@example.com');
    const change = async (input: object) => {
      const { data } = await service.send(
        `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
           ... on User { name } ... on Problem { code } } }`,
        { input },
        `Bearer ${accessToken}`,
      );
      return data.updateProfile;
    };
    expect(await change({ name: ' Ivan ' })).toEqual({ name: 'Ivan' });
    expect(await change({})).toEqual({ name: 'Ivan' });
    expect(await change({ name: 'x'.repeat(101) })).toEqual({ code: 'VALIDATION_FAILED' });
    expect(await change({ name: 'I\0van' })).toEqual({ code: 'VALIDATION_FAILED' });
    expect(await change({ name: null })).toEqual({ name: null });
  });
});

describe('the server', () => {
  it('publishes the public key and no part of the private one', async () => {
    const response = await service.app.inject('/.well-known/jwks.json');
    const { keys } = response.json<{ keys: object[] }>();
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it('refuses callers that are neither the router nor a service', async () => {
    const response = await service.app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ _service { sdl } }' }),
    });
    expect(response.statusCode).toBe(403);
    expect(response.body).not.toContain('type Query');
  });

  it('is healthy and ready', async () => {
    expect((await service.app.inject('/healthz')).statusCode).toBe(200);
    expect((await service.app.inject('/readyz')).json()).toEqual({ status: 'ready' });
    expect((await service.app.readiness.check()).checks).toEqual({ database: 'ok' });
    expect((await service.app.inject('/metrics')).statusCode).toBe(404);
  });
});
