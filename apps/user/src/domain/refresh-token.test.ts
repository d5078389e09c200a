import { describe, expect, it } from '@jest/globals';
import {
  decideRefresh,
  makeRefreshToken,
  REUSE_GRACE_MS,
  type StoredRefreshToken,
} from './refresh-token.ts';

const lifetime = { idleMs: 60_000, absoluteMs: 600_000 };
const now = new Date('2026-01-01T12:00:00Z');
const after = (ms: number): Date => new Date(now.getTime() + ms);
const { token } = makeRefreshToken();

const stored = (fields: Partial<StoredRefreshToken> = {}): StoredRefreshToken => ({
  session: {
    id: 'session',
    userId: 'user',
    device: null,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: after(lifetime.absoluteMs),
    revokedAt: null,
  },
  user: { id: 'user', email: 'a@b.co', name: null, role: 'USER', createdAt: now, updatedAt: now },
  expiresAt: after(lifetime.idleMs),
  usedAt: null,
  successor: null,
  ...fields,
});

const rotate = () => {
  const decision = decideRefresh(token, stored(), now, lifetime);
  if (decision.kind !== 'rotate') throw new Error(`expected a rotation, got ${decision.kind}`);
  return decision;
};

describe('decideRefresh', () => {
  it('rotates a token that was not used, and shows the new one to nobody without the old one', () => {
    const decision = rotate();
    expect(decision.token).not.toBe(token);
    expect(Buffer.from(decision.successor).toString('latin1')).not.toContain(decision.token);
    const other = makeRefreshToken().token;
    const used = stored({ usedAt: now, successor: decision.successor });
    expect(() => decideRefresh(other, used, now, lifetime)).toThrow();
  });

  it('repeats the same successor within the grace', () => {
    const { token: successor, successor: sealed } = rotate();
    const used = stored({ usedAt: now, successor: sealed });
    expect(decideRefresh(token, used, after(REUSE_GRACE_MS), lifetime)).toMatchObject({
      kind: 'repeat',
      token: successor,
      // It ends as it did in the answer that was lost.
      expiresAt: after(lifetime.idleMs),
    });
  });

  it('ends the family when a token is used again after the grace', () => {
    const used = stored({ usedAt: now, successor: rotate().successor });
    expect(decideRefresh(token, used, after(REUSE_GRACE_MS + 1), lifetime)).toEqual({
      kind: 'revoke',
    });
  });

  it('ends the family when it can not tell the successor of a token that was used', () => {
    const used = stored({ usedAt: now, successor: null });
    expect(decideRefresh(token, used, now, lifetime)).toEqual({ kind: 'revoke' });
  });

  it.each([
    ['an unknown token', null],
    ['a token past its idle time', stored({ expiresAt: now })],
    ['one of a revoked session', stored({ session: { ...stored().session, revokedAt: now } })],
    [
      'one of a session past its time',
      stored({ session: { ...stored().session, expiresAt: now } }),
    ],
  ])('refuses %s', (_, row) => {
    expect(decideRefresh(token, row, now, lifetime)).toEqual({ kind: 'refuse' });
  });

  it('lets no token outlive its session', () => {
    const session = { ...stored().session, expiresAt: after(1_000) };
    const decision = decideRefresh(token, stored({ session }), now, lifetime);
    expect(decision).toMatchObject({ kind: 'rotate', expiresAt: after(1_000) });
  });
});
