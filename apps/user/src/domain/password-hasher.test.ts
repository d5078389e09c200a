import { describe, expect, it } from '@jest/globals';
import { argon2id, hash } from 'argon2';
import { makePasswordHasher } from './password-hasher.ts';

describe('the password hasher', () => {
  it('knows the password, and nobody by it who is not there', async () => {
    const hasher = await makePasswordHasher({ concurrency: 1, queue: 10 });
    const kept = await hasher.hash('correct horse');
    expect(await hasher.verify('correct horse', kept)).toBe(true);
    expect(await hasher.verify('wrong horse', kept)).toBe(false);
    expect(await hasher.verify('correct horse', null)).toBe(false);
  });

  it('turns away what would wait too long, and serves the rest', async () => {
    const hasher = await makePasswordHasher({ concurrency: 1, queue: 2 });
    const tries = Array.from({ length: 5 }, () => hasher.hash('correct horse'));
    const results = await Promise.allSettled(tries);
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(await hasher.hash('again')).toContain('$argon2id$');
  });

  it('knows a hash that was made cheaper than today', async () => {
    const hasher = await makePasswordHasher({ concurrency: 1, queue: 2 });
    const cheap = await hash('correct horse', { type: argon2id, memoryCost: 8192, timeCost: 1 });
    expect(hasher.isOutdated(cheap)).toBe(true);
    expect(hasher.isOutdated(await hasher.hash('correct horse'))).toBe(false);
  });
});
