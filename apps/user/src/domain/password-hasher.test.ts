import { describe, expect, it } from 'vitest';
import * as argon2 from 'argon2';
import { makePasswordHasher } from './password-hasher.ts';

describe('the password hasher', () => {
  it('verifies a password, and refuses every password of an unknown account', async () => {
    const hasher = await makePasswordHasher({ concurrency: 1, queue: 10 });
    const kept = await hasher.hash('correct horse');
    expect(await hasher.verify('correct horse', kept)).toBe(true);
    expect(await hasher.verify('wrong horse', kept)).toBe(false);
    expect(await hasher.verify('correct horse', null)).toBe(false);
  });

  it('refuses an unknown account even if the password matches the dummy hash', async () => {
    const algorithm = { ...argon2, verify: async () => true };
    const hasher = await makePasswordHasher({ concurrency: 1, queue: 10 }, algorithm);
    expect(await hasher.verify('correct horse', 'hash')).toBe(true);
    expect(await hasher.verify('correct horse', null)).toBe(false);
  });

  it('does the same work for an unknown account', async () => {
    const checked: string[] = [];
    const hasher = await makePasswordHasher(
      { concurrency: 1, queue: 10 },
      {
        ...argon2,
        verify: (hash, password, options) => {
          checked.push(hash);
          return argon2.verify(hash, password, options);
        },
      },
    );
    const kept = await hasher.hash('correct horse');
    await hasher.verify('correct horse', kept);
    await hasher.verify('correct horse', null);
    await hasher.verify('', null);
    const parametersOf = (hash: string) => hash.split('$').slice(1, 4);
    expect(checked).toHaveLength(3);
    expect(new Set(checked).size).toBe(2);
    expect(checked.map(parametersOf)).toEqual(Array(3).fill(parametersOf(kept)));
  });

  it('requests admission when a request leaves the queue, and does not hash without it', async () => {
    let requested = 0;
    const refuse = async () => {
      requested += 1;
      return 'refused' as const;
    };
    const hasher = await makePasswordHasher({ concurrency: 1, queue: 1 });
    const running = hasher.hash('correct horse');
    const waiting = hasher.verify('correct horse', null, refuse);
    await new Promise((done) => setImmediate(done));
    expect(requested).toBe(0);
    await running;
    expect(await waiting).toBe('refused');
    expect(await hasher.hash('correct horse', refuse)).toBe('refused');
    expect(requested).toBe(2);
  });

  it('never exceeds its concurrency, also when tasks fail or are refused', async () => {
    let running = 0;
    let most = 0;
    const hasher = await makePasswordHasher(
      { concurrency: 2, queue: 100 },
      {
        ...argon2,
        verify: async (_hash, password) => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((done) => setImmediate(done));
          running -= 1;
          if (password === 'broken') throw new Error('broken');
          return true;
        },
      },
    );
    const refuse = async () => 'refused' as const;
    const tryMany = () =>
      Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          hasher
            .verify(index % 3 === 0 ? 'broken' : 'x', 'hash', index % 5 === 0 ? refuse : undefined)
            .catch(() => 'failed'),
        ),
      );
    expect(await tryMany()).toContain('failed');
    // Each finished task has released one slot, not more.
    await tryMany();
    expect(most).toBe(2);
  });

  it('rejects requests when the queue is full, and serves the rest', async () => {
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

  it('finds a hash with weaker parameters outdated', async () => {
    const hasher = await makePasswordHasher({ concurrency: 1, queue: 2 });
    const cheap = await argon2.hash('correct horse', {
      type: argon2.argon2id,
      memoryCost: 8192,
      timeCost: 1,
    });
    expect(hasher.isOutdated(cheap)).toBe(true);
    expect(hasher.isOutdated(await hasher.hash('correct horse'))).toBe(false);
  });
});
