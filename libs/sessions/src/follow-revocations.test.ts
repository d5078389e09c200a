import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '@cartograph/auth';
import { makeLogger } from '@cartograph/logging';
import { eventually } from '@cartograph/testing';
import { followRevocations, type RevocationFollower } from './follow-revocations.ts';
import type { RevocationResponse } from './make-revocation-list.ts';

let now: number;
let lines: string[];
let follower: RevocationFollower;
/** The reads in progress, and the parameters of each. */
let reads: {
  after: Date | null;
  waitMs: number;
  settle: (answer: RevocationResponse | Error) => void;
}[];

const AS_OF = new Date('2026-01-31T12:00:00.000Z');
const answer = (...ids: string[]): RevocationResponse => ({
  ids,
  asOf: AS_OF,
  issuedBefore: null,
  keepMs: 660_000,
});

beforeEach(() => {
  now = 1_000_000;
  lines = [];
  reads = [];
  follower = followRevocations({
    read: (after, waitMs) => {
      const { promise, resolve, reject } = Promise.withResolvers<RevocationResponse>();
      const settle = (given: RevocationResponse | Error) =>
        given instanceof Error ? reject(given) : resolve(given);
      reads.push({ after, waitMs, settle });
      return promise;
    },
    limits: { admin: 5_000, customer: 60_000 },
    log: makeLogger({ name: 'test', level: 'info' }, { write: (line) => void lines.push(line) }),
    now: () => now,
  });
});

afterEach(() => follower.close());

/** Idempotency the read that is under way, and waits for the next one. */
const settle = async (given: RevocationResponse | Error) => {
  const count = reads.length;
  reads.at(-1)?.settle(given);
  await eventually(() => expect(reads).toHaveLength(count + 1));
};

const check = (sessionId: string, role: Role = 'USER') =>
  follower.check({ id: 'ada', role, sessionId, issuedAt: AS_OF });

const both = async (sessionId: string) => [await check(sessionId), await check(sessionId, 'ADMIN')];

describe('followRevocations', () => {
  it('knows no session before the first response', async () => {
    expect(await check('a')).toBe('unknown');
    await settle(answer('b'));
    expect(await both('a')).toEqual(['live', 'live']);
    expect(await both('b')).toEqual(['revoked', 'revoked']);
  });

  it('lets requests of the first second wait for the first response', async () => {
    const checked = check('b');
    reads[0]?.settle(answer('b'));
    expect(await checked).toBe('revoked');
  });

  it('continues from the last response', async () => {
    await settle(answer());
    expect(reads.map(({ after }) => after)).toEqual([null, AS_OF]);
  });

  it('refuses administrators after 5 s without a response, and all viewers after 60 s', async () => {
    await settle(answer('b'));
    now += 5_000;
    expect(await both('a')).toEqual(['live', 'live']);
    now += 1;
    expect(await both('a')).toEqual(['live', 'unknown']);
    now += 54_999;
    expect(await both('a')).toEqual(['live', 'unknown']);
    now += 1;
    expect(await both('a')).toEqual(['unknown', 'unknown']);
    // Received revocations stay in force.
    expect(await both('b')).toEqual(['revoked', 'revoked']);
    await settle(answer());
    // That answer is as old as its question.
    expect(await both('a')).toEqual(['unknown', 'unknown']);
    await settle(answer());
    expect(await both('a')).toEqual(['live', 'live']);
  });

  it('keeps received revocations while the feed fails, and retries', async () => {
    await settle(answer('b'));
    await settle(new Error('status 403'));
    await settle(new Error('status 403'));
    expect(await check('b')).toBe('revoked');
    expect(await check('a')).toBe('live');
    expect(reads.map(({ after }) => after)).toEqual([null, AS_OF, AS_OF, AS_OF]);
  });

  it('does not count a failure as a response', async () => {
    await settle(answer());
    now += 6_000;
    await settle(new Error('down'));
    expect(await check('a', 'ADMIN')).toBe('unknown');
  });

  it('lets requests wait for a response when the copy has become too old only recently', async () => {
    await settle(answer());
    now += 5_001;
    const checked = check('a', 'ADMIN');
    reads.at(-1)?.settle(answer());
    await eventually(() => expect(reads).toHaveLength(3));
    // That response is as old as its request, which was sent before.
    expect(await checked).toBe('unknown');
    const checkedAgain = check('a', 'ADMIN');
    reads.at(-1)?.settle(answer());
    expect(await checkedAgain).toBe('live');
  });

  it('does not let requests wait in a longer outage', async () => {
    await settle(answer());
    now += 10_001;
    const waits = new Promise((resolve) => setImmediate(resolve, 'waits'));
    expect(await Promise.race([check('a', 'ADMIN'), waits])).toBe('unknown');
  });

  it('does not wait for new revocations until a first response, and after a failure', async () => {
    await settle(answer());
    await settle(answer());
    await settle(new Error('down'));
    await settle(answer());
    expect(reads.map(({ waitMs }) => waitMs)).toEqual([0, 1_000, 1_000, 0, 1_000]);
  });

  it('knows immediately what this process revoked', async () => {
    await settle(answer());
    follower.add(['a']);
    expect(await check('a')).toBe('revoked');
  });

  it('logs each change once, also with checks in between', async () => {
    await settle(answer());
    now += 6_000;
    await settle(new Error('down'));
    await settle(new Error('down'));
    for (let use = 0; use < 20; use += 1) await check('a');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/stale for administrators.*down|down.*stale for administrators/);
    now += 60_000;
    await settle(new Error('down'));
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('stale for all');
    await settle(answer());
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain('current again');
  });

  it('does not read after it is closed', async () => {
    await settle(answer());
    follower.close();
    reads.at(-1)?.settle(new Error('closed'));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(reads).toHaveLength(2);
    expect(lines).toEqual([]);
  });
});
