import { describe, expect, it } from '@jest/globals';
import { orAborted } from './or-aborted.ts';

describe('orAborted', () => {
  it('resolves as the work does', async () => {
    const { signal } = new AbortController();
    await expect(orAborted(Promise.resolve(7), signal)).resolves.toBe(7);
    await expect(orAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
  });

  it('does not wait for work that nobody wants any more', async () => {
    const controller = new AbortController();
    const waiting = orAborted(new Promise(() => {}), controller.signal);
    controller.abort();
    await expect(waiting).rejects.toThrow('abort');
  });
});
