import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '@cartograph/auth';
import { parseEnv } from '@cartograph/config';
import { makeLogger } from '@cartograph/logging';
import { runWithDeadline } from '@cartograph/resilience';
import { eventually, TEST_SECRET } from '@cartograph/testing';
import { makeRemoteAuthentication } from './make-remote-authentication.ts';
import { subgraphConfig, subgraphEnv, usersClient } from './subgraph-config.ts';

/** How the user service reacts to a request for its feed. */
let mode: 'responds' | 'hangs' | 'refuses';
let polls: number;
let users: ReturnType<typeof createServer>;
let authentication: ReturnType<typeof makeRemoteAuthentication>;

beforeEach(async () => {
  [mode, polls] = ['responds', 0];
  users = createServer((_request, response) => {
    polls += 1;
    if (mode === 'hangs') return;
    if (mode === 'refuses') return void response.writeHead(403).end('{"errors":[]}');
    const feed = { ids: ['ended'], asOf: new Date(), issuedBefore: null, keepMs: 660_000 };
    response.end(JSON.stringify({ data: { sessionRevocations: feed } }));
  });
  await new Promise<void>((resolve) => users.listen(0, '127.0.0.1', resolve));
  const env = parseEnv(subgraphEnv, {
    NODE_ENV: 'test',
    ROUTER_SECRET: TEST_SECRET,
    USER_URL: `http://127.0.0.1:${(users.address() as AddressInfo).port}/graphql`,
    SESSION_CHECK_TIMEOUT_MS: '100',
    SESSION_STALENESS_ADMIN_MS: '500',
    SESSION_STALENESS_MS: '1500',
  });
  const config = {
    ...subgraphConfig({ name: 'order', port: 0, databaseUrl: 'postgres://a:b@c/d' }, env),
    users: usersClient('order', TEST_SECRET, env),
  };
  authentication = makeRemoteAuthentication(config, makeLogger({ name: 'test', level: 'silent' }));
});

afterEach(async () => {
  await authentication.close();
  users.closeAllConnections();
  users.close();
});

const check = (sessionId: string, role: Role = 'USER') =>
  authentication.checkSession({ id: 'ada', role, sessionId, issuedAt: new Date() });

describe('a session', () => {
  it.each([1, 0])('is checked for a client that waits for %i ms, without a call', async (ms) => {
    await eventually(async () => expect(await check('ended')).toBe('revoked'));
    expect(await runWithDeadline(ms, () => check('ended'))).toBe('revoked');
    expect(await runWithDeadline(ms, () => check('other'))).toBe('live');
  });

  it.each<[string, () => void]>([
    ['hangs', () => (mode = 'hangs')],
    ['refuses the request', () => (mode = 'refuses')],
    [
      'is down',
      () => {
        users.closeAllConnections();
        users.close();
      },
    ],
  ])(
    'stays revoked while the user service %s, and other sessions are unknown',
    async (_what, fail) => {
      // The process may pause for longer than the limit for administrators.
      await eventually(async () => {
        expect([await check('ended'), await check('other', 'ADMIN')]).toEqual(['revoked', 'live']);
      });
      fail();
      await eventually(async () => expect(await check('other', 'ADMIN')).toBe('unknown'));
      await eventually(async () => expect(await check('other')).toBe('unknown'));
      expect([await check('ended'), await check('ended', 'ADMIN')]).toEqual(['revoked', 'revoked']);
    },
  );

  it('is known again when the user service responds again', async () => {
    await eventually(async () => expect(await check('other')).toBe('live'));
    mode = 'refuses';
    await eventually(async () => expect(await check('other')).toBe('unknown'));
    mode = 'responds';
    await eventually(async () => expect(await check('other', 'ADMIN')).toBe('live'));
  });

  it('is not polled after the server is closed', async () => {
    await eventually(async () => expect(await check('other')).toBe('live'));
    await authentication.close();
    const before = polls;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(polls).toBe(before);
  });
});
