import { describe, expect, it } from 'vitest';
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
  it('rotates an unused token, and encrypts the new one with the old one', () => {
    const decision = rotate();
    expect(decision.token).not.toBe(token);
    expect(Buffer.from(decision.successor).toString('latin1')).not.toContain(decision.token);
    const other = makeRefreshToken().token;
    const used = stored({ usedAt: now, successor: decision.successor });
    expect(() => decideRefresh(other, used, now, lifetime)).toThrow();
  });

  it('repeats the same successor within the grace period', () => {
    const { token: successor, successor: encrypted } = rotate();
    const used = stored({ usedAt: now, successor: encrypted });
    expect(decideRefresh(token, used, after(REUSE_GRACE_MS), lifetime)).toMatchObject({
      kind: 'repeat',
      token: successor,
      // The same expiry as in the lost response.
      expiresAt: after(lifetime.idleMs),
    });
  });

  it('ends the family when a token is reused after the grace period', () => {
    const used = stored({ usedAt: now, successor: rotate().successor });
    expect(decideRefresh(token, used, after(REUSE_GRACE_MS + 1), lifetime)).toEqual({
      kind: 'revoke',
    });
  });

  it('ends the family when a used token has no successor', () => {
    const used = stored({ usedAt: now, successor: null });
    expect(decideRefresh(token, used, now, lifetime)).toEqual({ kind: 'revoke' });
  });

  it.each([
    ['an unknown token', null],
    ['a token after its idle time', stored({ expiresAt: now })],
    ['one of a revoked session', stored({ session: { ...stored().session, revokedAt: now } })],
    ['one of an expired session', stored({ session: { ...stored().session, expiresAt: now } })],
  ])('refuses %s', (_, row) => {
    expect(decideRefresh(token, row, now, lifetime)).toEqual({ kind: 'refuse' });
  });

  it('lets no token outlive its session', () => {
    const session = { ...stored().session, expiresAt: after(1_000) };
    const decision = decideRefresh(token, stored({ session }), now, lifetime);
    expect(decision).toMatchObject({ kind: 'rotate', expiresAt: after(1_000) });
  });
});
