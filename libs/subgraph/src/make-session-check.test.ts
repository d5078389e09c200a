import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeLogger } from '@cartograph/logging';
import { runWithDeadline } from '@cartograph/resilience';
import { TEST_SECRET } from '@cartograph/testing';
import { makeSessionCheck } from './make-session-check.ts';

const lines: string[] = [];

/** A user service that knows of no session, or none at all. */
let isAway = false;
const users = createServer((_request, response) => {
  if (!isAway) response.end(JSON.stringify({ data: { activeSessions: [] } }));
});

let sessions: ReturnType<typeof makeSessionCheck>;

beforeAll(async () => {
  await new Promise<void>((resolve) => users.listen(0, '127.0.0.1', resolve));
  sessions = makeSessionCheck(
    {
      service: 'user',
      url: `http://127.0.0.1:${(users.address() as AddressInfo).port}/graphql`,
      caller: 'order',
      secret: TEST_SECRET,
      timeoutMs: 500,
    },
    makeLogger({ name: 'test', level: 'warn' }, { write: (line) => void lines.push(line) }),
  );
});

afterAll(async () => {
  users.closeAllConnections();
  users.close();
  await sessions.close();
});

describe('whether a session goes on', () => {
  it.each([1, 0])(
    'is asked also by a client that waits for %i ms: an ended session stays ended',
    async (timeoutMs) => {
      const isActive = await runWithDeadline(timeoutMs, () => sessions.isActive('ended'));
      expect([isActive, lines]).toEqual([false, []]);
    },
  );

  it('is what the token says while the user service does not answer in its own time', async () => {
    isAway = true;
    expect(await sessions.isActive('ended')).toBe(true);
    expect(lines.join()).toContain('session not checked');
  });
});
