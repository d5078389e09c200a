import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemCatalogue } from '@cartograph/errors';
import { failWith, ID, TIME, user } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

const body = { email: 'ann@example.com', password: 'correct horse' };
const userBody = {
  id: ID,
  email: 'ann@example.com',
  name: null,
  role: 'USER',
  created_at: TIME,
  updated_at: TIME,
};

const session = () => ({
  __typename: 'Session',
  accessToken: 'access',
  accessTokenExpiresAt: new Date(Date.now() + 600_000).toISOString(),
  refreshToken: 'refresh',
  refreshTokenExpiresAt: new Date(Date.now() + 900_000).toISOString(),
  user,
});

describe('accounts', () => {
  let rest: Rest;
  beforeAll(async () => {
    rest = await startRest();
  });
  afterAll(() => rest.close());

  it.each([
    ['register', '/v1/auth/register', 201],
    ['login', '/v1/auth/login', 200],
  ])('%s answers a session in the words of OAuth', async (field, url, status) => {
    rest.router.respond({ [field]: session });
    const reply = await rest.send('POST', url, { body });
    expect(reply.status).toBe(status);
    expect(reply.body).toEqual({
      user: userBody,
      access_token: 'access',
      refresh_token: 'refresh',
      token_type: 'Bearer',
      expires_in: expect.any(Number),
      refresh_expires_in: expect.any(Number),
    });
    expect(reply.body['expires_in']).toBeGreaterThan(590);
    expect(reply.body['expires_in']).toBeLessThanOrEqual(600);
    expect(reply.headers['cache-control']).toBe('no-store');
    expect(rest.router.received.at(-1)?.variables).toEqual({ input: body });
  });

  it('refuses to register an address twice', async () => {
    rest.router.respond({
      register: { __typename: 'EmailTakenProblem', code: 'EMAIL_TAKEN', message: 'Taken.' },
    });
    const reply = await rest.send('POST', '/v1/auth/register', { body });
    expect(reply).toMatchObject({ status: 409, body: { code: 'EMAIL_TAKEN', detail: 'Taken.' } });
  });

  it('sends a password of many characters, of which normalisation leaves few', async () => {
    // A Hangul syllable in its three parts: NFD, as macOS types it.
    const password = '\u1112\u1161\u11ab'.repeat(50);
    rest.router.respond({ login: session, register: session });
    const sent = { email: 'ann@example.com', password };
    expect((await rest.send('POST', '/v1/auth/login', { body: sent })).status).toBe(200);
    expect((await rest.send('POST', '/v1/auth/register', { body: sent })).status).toBe(201);
    const tooLong = { ...sent, password: 'x'.repeat(513) };
    expect(await rest.send('POST', '/v1/auth/login', { body: tooLong })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'password', message: 'must have 512 characters or fewer' }] },
    });
  });

  it('returns every field of a registration that is not valid', async () => {
    rest.router.respond({
      register: {
        __typename: 'ValidationFailedProblem',
        code: 'VALIDATION_FAILED',
        message: 'email: is not an e-mail address',
        fields: [
          { path: 'email', message: 'is not an e-mail address' },
          { path: 'password', message: 'must have 8 to 128 characters' },
        ],
      },
    });
    const reply = await rest.send('POST', '/v1/auth/register', { body });
    expect(reply).toMatchObject({
      status: 422,
      body: {
        code: 'VALIDATION_FAILED',
        errors: [
          { field: 'email', message: 'is not an e-mail address' },
          { field: 'password', message: 'must have 8 to 128 characters' },
        ],
      },
    });
  });

  it('refuses a wrong password, and names the scheme', async () => {
    rest.router.respond({
      login: {
        __typename: 'InvalidCredentialsProblem',
        code: 'INVALID_CREDENTIALS',
        message: 'No.',
      },
    });
    const reply = await rest.send('POST', '/v1/auth/login', { body });
    expect(reply).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
      body: { code: 'INVALID_CREDENTIALS' },
    });
  });

  it.each([
    ['register', '/v1/auth/register', body],
    ['login', '/v1/auth/login', body],
    ['refreshSession', '/v1/auth/refresh', { refresh_token: 'x' }],
    ['changePassword', '/v1/auth/password', { current_password: 'x', new_password: 'y' }],
  ])('says of a throttled %s when to come back', async (field, url, sent) => {
    const { TOO_MANY_ATTEMPTS: message } = problemCatalogue;
    const problem = { code: 'TOO_MANY_ATTEMPTS', message, retryAfterSeconds: 741 };
    rest.router.respond({ [field]: { __typename: 'TooManyAttemptsProblem', ...problem } });
    const reply = await rest.send('POST', url, { body: sent });
    expect(reply).toMatchObject({
      status: 429,
      headers: { 'retry-after': '741', 'content-type': 'application/problem+json' },
      body: { code: 'TOO_MANY_ATTEMPTS', status: 429, retry_after_seconds: 741 },
    });
  });

  it('returns the signed-in account, and forwards the request id', async () => {
    rest.router.respond({ me: user });
    const headers = { authorization: 'Bearer abc', 'x-request-id': 'request-1' };
    const reply = await rest.send('GET', '/v1/me', { headers });
    expect(reply).toMatchObject({
      status: 200,
      headers: { 'x-request-id': 'request-1' },
      body: userBody,
    });
    expect(rest.router.received.at(-1)?.headers).toMatchObject(headers);
  });

  it.each([
    ['the graph returns no user', { me: null }],
    ['the graph says so', { me: failWith('UNAUTHENTICATED') }],
  ])('is UNAUTHENTICATED when %s', async (_, results) => {
    rest.router.respond(results);
    const reply = await rest.send('GET', '/v1/me');
    expect(reply).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(reply.headers['www-authenticate']).toBe('Bearer');
  });
});
