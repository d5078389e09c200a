import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { KeyFile } from './key-file.ts';
import {
  makeKeyFile,
  publishKey,
  removableAt,
  removeKey,
  removeRetired,
  RotationError,
  signWithNewest,
} from './key-rotation.ts';

const pems = Array.from(
  { length: 3 },
  () =>
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    }) as string,
);
const [pemA = '', pemB = '', pemC = ''] = pems;

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
const states = (file: KeyFile) => file.keys.map(({ state }) => state);
const times = { tokenLifetimeMs: 600_000, waitMs: 120_000 };

const one = makeKeyFile(pemA, at(0));
const two = publishKey(one, pemB, at(10));
const turned = signWithNewest(two, at(130), 120_000);

describe('the rotation of keys', () => {
  it('begins with one key, which signs', () => {
    expect(states(one)).toEqual(['signing']);
    expect(one).not.toHaveProperty('purpose');
  });

  it('publishes before it signs, and retires the former', () => {
    expect(states(two)).toEqual(['signing', 'published']);
    expect(states(turned)).toEqual(['retired', 'signing']);
    expect(turned.keys.map(({ since }) => since)).toEqual(Array(2).fill(at(130).toISOString()));
  });

  it('does not sign with a key that not every verifier knows, and returns when it can', () => {
    expect(() => signWithNewest(two, at(129.5), 120_000)).toThrow('sign in 1 s');
    expect(() => signWithNewest(two, at(10), 120_000)).toThrow('sign in 120 s');
    expect(() => signWithNewest(two, at(5), 120_000)).toThrow('sign in 125 s');
    expect(() => signWithNewest(one, at(1_000), 120_000)).toThrow(RotationError);
    expect(states(signWithNewest(two, at(10), 0))).toEqual(['retired', 'signing']);
    expect(states(signWithNewest(two, at(5), -Infinity))).toEqual(['retired', 'signing']);
  });

  it('signs with the newest of many', () => {
    const many = publishKey(two, pemC, at(11));
    expect(states(signWithNewest(many, at(200), 0))).toEqual(['retired', 'published', 'signing']);
    const reversed = { ...many, keys: many.keys.toReversed() };
    expect(states(signWithNewest(reversed, at(200), 0))).toEqual([
      'signing',
      'published',
      'retired',
    ]);
  });

  it('removes a retired key when its last token has expired, and not before', () => {
    const over = removableAt(turned.keys[0]!, times.tokenLifetimeMs, times.waitMs);
    expect(over).toEqual(at(130 + 600 + 120 + 5));
    expect(removeRetired(turned, new Date(over.getTime() - 1), times)).toEqual(turned);
    expect(states(removeRetired(turned, over, times))).toEqual(['signing']);
    expect(removeRetired(two, at(100_000), times)).toEqual(two);
  });

  it('removes a leaked key immediately, but not the one that signs', () => {
    const [former, signing] = turned.keys;
    expect(states(removeKey(turned, former!.kid))).toEqual(['signing']);
    expect(states(removeKey(two, two.keys[1]!.kid))).toEqual(['signing']);
    expect(() => removeKey(turned, signing!.kid)).toThrow('let another one sign first');
    expect(() => removeKey(turned, 'unknown')).toThrow(RotationError);
  });

  it('keeps the mark of development', () => {
    const marked = publishKey(makeKeyFile(pemA, at(0), 'development'), pemB, at(0));
    const after = removeRetired(signWithNewest(marked, at(0), 0), at(100_000), times);
    expect(after).toMatchObject({ purpose: 'development', keys: [{ state: 'signing' }] });
  });
});
