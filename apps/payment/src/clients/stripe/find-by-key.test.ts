import { describe, expect, it, vi } from 'vitest';
import { findByKey } from './find-by-key.ts';

/** A list without an end, each of whose items takes a tenth of a second. */
const makeList = () => {
  let read = 0;
  async function* list() {
    for (;;) {
      read += 1;
      vi.setSystemTime(Date.now() + 100);
      vi.advanceTimersByTime(100);
      yield { metadata: { key: `key ${read}` } };
    }
  }
  return { items: list(), read: () => read };
};

describe('the search in a list of Stripe', () => {
  it('ends at the item with the key', async () => {
    vi.useFakeTimers();
    const list = makeList();
    expect(await findByKey(list.items, 'key 3', 1_000)).toEqual({ metadata: { key: 'key 3' } });
    vi.useRealTimers();
  });

  it('fails when the time is over, and reads no more', async () => {
    vi.useFakeTimers();
    const list = makeList();
    await expect(findByKey(list.items, 'another', 250)).rejects.toThrow('too long');
    expect(list.read()).toBe(3);
    vi.useRealTimers();
  });
});
