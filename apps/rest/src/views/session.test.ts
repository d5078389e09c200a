import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { viewSession } from './session.ts';

const NOW = Date.parse('2026-01-31T12:00:00.000Z');

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

const expiresIn = (fromNowMs: number): number =>
  viewSession({
    accessToken: 'a',
    accessTokenExpiresAt: new Date(NOW + fromNowMs).toISOString(),
    refreshToken: 'r',
    user: { id: 'u', email: 'ann@example.com', role: 'USER', createdAt: '2026-01-01T00:00:00Z' },
  } as Parameters<typeof viewSession>[0]).expires_in;

describe('the seconds that an access token is good for', () => {
  it.each([
    [600_000, 600],
    [1_999, 1],
    [999, 0],
    [0, 0],
    [-1, 0],
    [-60_000, 0],
  ])('with %i ms left are %i', (left, seconds) => {
    expect(expiresIn(left)).toBe(seconds);
  });
});
