import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  makeSubgraphCaller,
  makeTestDatabase,
  makeTokenMaker,
  TEST_SECRET,
  testInfrastructure,
  type TestDatabase,
  type TokenMaker,
} from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

let database: TestDatabase;
let tokens: TokenMaker;
let app: FastifyInstance;
let send: ReturnType<typeof makeSubgraphCaller>;

beforeAll(async () => {
  [database, tokens] = await Promise.all([makeTestDatabase('user'), makeTokenMaker()]);
  const config = readConfig({
    USER_DATABASE_URL: database.url,
    JWT_PRIVATE_KEY: tokens.privateKeyPem,
    JWT_ISSUER: tokens.scope.issuer,
    ROUTER_SECRET: TEST_SECRET,
  });
  app = await makeServer({ config, ...testInfrastructure() });
  send = makeSubgraphCaller(app);
});

afterAll(async () => {
  await app.close();
  await tokens.close();
  await database.drop();
});

const REGISTER = `mutation Register($input: RegisterInput!) {
  register(input: $input) {
    __typename
    ... on Session { accessToken refreshToken user { id email role } }
    ... on Problem { code message }
    ... on ValidationFailedProblem { fields { path } }
  }
}`;

const LOGIN = `mutation Login($input: LoginInput!) {
  login(input: $input) {
    __typename
    ... on Session { accessToken user { id } }
    ... on Problem { code message }
  }
}`;

const password = 'correct horse battery';

const register = async (email: string) => {
  const { data } = await send(REGISTER, { input: { email, password } });
  return data.register as { accessToken: string; refreshToken: string; user: { id: string } };
};

describe('register', () => {
  it('opens an account and signs it in', async () => {
    const session = await register('Ada@Example.com');
    expect(session).toMatchObject({
      __typename: 'Session',
      user: { email: 'ada@example.com', role: 'USER' },
    });
    const { data } = await send('{ me { email } }', {}, `Bearer ${session.accessToken}`);
    expect(data.me).toEqual({ email: 'ada@example.com' });
  });

  it('keeps neither password nor refresh token', async () => {
    const { refreshToken } = await register('secrets@example.com');
    const rows = await database.query('SELECT * FROM users, refresh_tokens');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(password);
    expect(JSON.stringify(rows)).not.toContain(refreshToken);
    expect(JSON.stringify(rows)).toContain('$argon2id$v=19$m=19456,p=1,t=2$');
  });

  it('gives one address to one of many who want it at once, however it is written', async () => {
    const spellings = ['bob@example.com', 'BOB@example.com', ' bob@example.com '];
    const answers = await Promise.all(
      spellings.map((email) => send(REGISTER, { input: { email, password } })),
    );
    const types = answers.map(({ data }) => data.register.__typename as string).sort();
    expect(types).toEqual(['EmailTakenProblem', 'EmailTakenProblem', 'Session']);
  });

  it('names every fault of the input', async () => {
    const { data } = await send(REGISTER, { input: { email: 'nobody', password: 'short' } });
    expect(data.register).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ path: 'email' }, { path: 'password' }],
    });
  });
});

describe('login', () => {
  it('signs in with any spelling of the address', async () => {
    const { user } = await register('carol@example.com');
    const { data } = await send(LOGIN, { input: { email: ' Carol@example.com', password } });
    expect(data.login).toMatchObject({ __typename: 'Session', user: { id: user.id } });
  });

  it('says the same of a wrong password and an unknown address', async () => {
    await register('dave@example.com');
    const wrong = await send(LOGIN, { input: { email: 'dave@example.com', password: 'no such' } });
    const unknown = await send(LOGIN, { input: { email: 'eve@example.com', password: 'no such' } });
    expect(wrong.data.login.code).toBe('INVALID_CREDENTIALS');
    expect(unknown.data).toEqual(wrong.data);
  });
});

describe('me and user', () => {
  it('is nobody without a token, with a broken one, and with one of another key', async () => {
    const other = await makeTokenMaker();
    const forged = other.authorize().authorization;
    await other.close();
    for (const authorization of [undefined, 'Bearer nonsense', 'Basic YTpi', forged]) {
      const { data, errors } = await send('{ me { id } }', {}, authorization);
      expect(errors).toEqual([]);
      expect(data).toEqual({ me: null });
    }
  });

  it('shows any account to an administrator, and to nobody else', async () => {
    const { user } = await register('frank@example.com');
    const query = 'query ($id: ID!) { user(id: $id) { email } }';
    const admin = await send(query, user, tokens.authorize('ADMIN').authorization);
    expect(admin.data).toEqual({ user: { email: 'frank@example.com' } });
    const shopper = await send(query, user, tokens.authorize().authorization);
    expect(shopper.errors[0]?.extensions.code).toBe('FORBIDDEN');
    const nobody = await send(query, user);
    expect(nobody.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('refuses an id that is none', async () => {
    const { authorization } = tokens.authorize('ADMIN');
    const { errors } = await send('{ user(id: "1 OR 1=1") { email } }', {}, authorization);
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it("resolves another's account by reference to nothing", async () => {
    const { user, accessToken } = await register('grace@example.com');
    const stranger = await register('heidi@example.com');
    const query = `query ($id: ID!) {
      _entities(representations: [{ __typename: "User", id: $id }]) { ... on User { email } }
    }`;
    const own = await send(query, user, `Bearer ${accessToken}`);
    expect(own.data._entities).toEqual([{ email: 'grace@example.com' }]);
    const other = await send(query, user, `Bearer ${stranger.accessToken}`);
    expect(other.data._entities).toEqual([null]);
  });
});

describe('the server', () => {
  it('publishes the public half of its key and nothing of the private one', async () => {
    const { keys } = (await app.inject('/.well-known/jwks.json')).json<{ keys: object[] }>();
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it('answers nobody who does not prove to be the router or a sister service', async () => {
    const response = await app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ _service { sdl } }' }),
    });
    expect(response.statusCode).toBe(403);
    expect(response.body).not.toContain('type Query');
  });

  it('is alive and ready', async () => {
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    expect((await app.inject('/readyz')).json()).toEqual({
      status: 'ready',
      checks: { database: 'ok' },
    });
  });
});
