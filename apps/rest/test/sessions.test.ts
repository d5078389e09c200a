import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failWith, ID, TIME, user } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

let rest: Rest;

beforeAll(async () => {
  rest = await startRest();
});

afterAll(() => rest.close());

const ended = { __typename: 'SessionsEnded', count: 1 };
const problem = (type: string, code: string) => ({ __typename: type, code, message: 'No.' });
const lastVariables = () => rest.router.received.at(-1)?.variables;

describe('sessions', () => {
  it('go on with a refresh token', async () => {
    rest.router.respond({
      refreshSession: {
        __typename: 'Session',
        accessToken: 'access',
        accessTokenExpiresAt: new Date(Date.now() + 600_000).toISOString(),
        refreshToken: 'next',
        refreshTokenExpiresAt: new Date(Date.now() + 900_000).toISOString(),
        user,
      },
    });
    const body = { refresh_token: 'old' };
    const reply = await rest.send('POST', '/v1/auth/refresh', { body });
    expect(reply).toMatchObject({ status: 200, body: { refresh_token: 'next' } });
    expect(reply.headers['cache-control']).toBe('no-store');
    expect(lastVariables()).toEqual({ input: { refreshToken: 'old' } });
  });

  it('do not go on with one that was used before', async () => {
    rest.router.respond({
      refreshSession: problem('InvalidRefreshTokenProblem', 'INVALID_REFRESH_TOKEN'),
    });
    const reply = await rest.send('POST', '/v1/auth/refresh', { body: { refresh_token: 'old' } });
    expect(reply).toMatchObject({ status: 401, body: { code: 'INVALID_REFRESH_TOKEN' } });
  });

  it('end, by refresh token or by access token', async () => {
    rest.router.respond({ logout: ended });
    const byToken = { body: { refresh_token: 'mine' } };
    expect((await rest.send('POST', '/v1/auth/logout', byToken)).status).toBe(204);
    expect(lastVariables()).toEqual({ input: { refreshToken: 'mine' } });
    expect((await rest.send('POST', '/v1/auth/logout')).status).toBe(204);
    expect(lastVariables()).toEqual({ input: {} });
    rest.router.respond({ logout: failWith('UNAUTHENTICATED') });
    expect((await rest.send('POST', '/v1/auth/logout')).status).toBe(401);
  });

  it('end everywhere', async () => {
    rest.router.respond({ logoutEverywhere: ended });
    expect((await rest.send('POST', '/v1/auth/logout-all')).status).toBe(204);
    rest.router.respond({ logoutEverywhere: failWith('UNAUTHENTICATED') });
    expect((await rest.send('POST', '/v1/auth/logout-all')).status).toBe(401);
  });

  it.each([
    ['/v1/me/sessions?limit=1', { first: 1 }],
    ['/v1/me/sessions?cursor=c', { first: 20, after: 'c' }],
    ['/v1/me/sessions?before=b&limit=2', { last: 2, before: 'b' }],
    [`/v1/users/${ID}/sessions?limit=1`, { id: ID, first: 1 }],
  ])('are read in pages, where that is asked for: %s', async (url, variables) => {
    const session = { id: ID, device: null, createdAt: TIME, lastUsedAt: TIME, current: true };
    const pageInfo = { hasNextPage: true, hasPreviousPage: true, startCursor: 's', endCursor: 'e' };
    const account = { ...user, sessions: [], sessionsConnection: { nodes: [session], pageInfo } };
    rest.router.respond({ me: account, user: account });
    const { status, body, headers } = await rest.send('GET', url);
    expect([status, body]).toEqual([
      200,
      {
        data: [{ id: ID, device: null, created_at: TIME, last_used_at: TIME, current: true }],
        page: { next_cursor: 'e', has_more: true, prev_cursor: 's' },
      },
    ]);
    expect(headers['link']).toMatch(/cursor=e>; rel="next", .*before=s>; rel="prev"$/);
    expect(lastVariables()).toEqual({ ...variables, paged: true });
    expect((await rest.send('GET', `${url}&cursor=c&before=b`)).status).toBe(422);
    expect((await rest.send('GET', `${url}&status=x`)).status).toBe(422);
  });

  it('are listed, and end one by one', async () => {
    rest.router.respond({
      me: {
        ...user,
        sessions: [{ id: ID, device: 'curl/8', createdAt: TIME, lastUsedAt: TIME, current: true }],
      },
    });
    const list = await rest.send('GET', '/v1/me/sessions');
    expect(list.body).toEqual({
      data: [{ id: ID, device: 'curl/8', created_at: TIME, last_used_at: TIME, current: true }],
    });
    rest.router.respond({ revokeSession: ended });
    expect((await rest.send('DELETE', `/v1/me/sessions/${ID}`)).status).toBe(204);
    expect(lastVariables()).toEqual({ input: { sessionId: ID } });
    rest.router.respond({ revokeSession: problem('SessionNotFoundProblem', 'SESSION_NOT_FOUND') });
    expect((await rest.send('DELETE', `/v1/me/sessions/${ID}`)).status).toBe(404);
  });
});

describe('a new password', () => {
  const body = { current_password: 'old password', new_password: 'new password' };

  it('takes the place of the old one', async () => {
    rest.router.respond({ changePassword: ended });
    expect((await rest.send('POST', '/v1/auth/password', { body })).status).toBe(204);
    expect(lastVariables()).toEqual({
      input: { currentPassword: 'old password', newPassword: 'new password' },
    });
  });

  it('is refused without the old one, by its field when it is none', async () => {
    rest.router.respond({
      changePassword: problem('InvalidCredentialsProblem', 'INVALID_CREDENTIALS'),
    });
    expect((await rest.send('POST', '/v1/auth/password', { body })).status).toBe(401);
    rest.router.respond({
      changePassword: {
        ...problem('ValidationFailedProblem', 'VALIDATION_FAILED'),
        fields: [{ path: 'newPassword', message: 'is short' }],
      },
    });
    const short = await rest.send('POST', '/v1/auth/password', { body });
    expect(short).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'new_password', message: 'is short' }] },
    });
  });
});

describe('a profile', () => {
  it('is changed by its owner', async () => {
    rest.router.respond({ updateProfile: { __typename: 'User', ...user, name: 'Ann' } });
    const reply = await rest.send('PATCH', '/v1/me', { body: { name: 'Ann' } });
    expect(reply).toMatchObject({ status: 200, body: { name: 'Ann' } });
    expect((await rest.send('PATCH', '/v1/me', { body: { role: 'ADMIN' } })).status).toBe(422);
  });
});
