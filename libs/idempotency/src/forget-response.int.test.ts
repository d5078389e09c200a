import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openStore } from '../test/open-store.ts';
import { makeIdempotency } from './make-idempotency.ts';

let opened: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  opened = await openStore();
});

afterAll(() => opened.close());

/** A new request with a key, and the names of the workers that began it. */
const newRequest = () => {
  const begun: string[] = [];
  const request = { userId: randomUUID(), operation: 'refund', key: randomUUID(), request: [] };
  /** Sends it. The response of worker a is not stored. */
  const send = (worker: string, { until = Promise.resolve(), leaseMs = 30_000, waitMs = 1 } = {}) =>
    makeIdempotency(opened.store, { dateFields: new Set(), times: { leaseMs, waitMs } }).once(
      { ...request, subjectId: randomUUID(), shouldStore: (response) => response !== 'a' },
      async () => {
        begun.push(worker);
        await until;
        return worker;
      },
    );
  return { begun, send };
};

/** A lease so short that the next worker takes the key over. */
const SHORT = { leaseMs: 1, waitMs: 30_000 };

describe('a response that is not stored, of a worker whose lease has ended', () => {
  it('does not delete the response of the worker that took the key over', async () => {
    const { begun, send } = newRequest();
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow = send('a', { ...SHORT, until: promise });
    await eventually(() => expect(begun).toEqual(['a']));
    expect(await send('b', SHORT)).toBe('b');
    resolve();
    expect(await slow).toBe('a');
    expect(await send('c')).toBe('b');
    expect(begun).toEqual(['a', 'b']);
  });

  it('does not take the key from a worker that has not ended', async () => {
    const { begun, send } = newRequest();
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = send('a', { ...SHORT, until: first.promise });
    await eventually(() => expect(begun).toEqual(['a']));
    const next = send('b', { waitMs: 30_000, until: second.promise });
    await eventually(() => expect(begun).toEqual(['a', 'b']));
    first.resolve();
    await slow;
    expect(await send('c')).toMatchObject({ code: 'REQUEST_IN_FLIGHT' });
    second.resolve();
    expect([await next, await send('c')]).toEqual(['b', 'b']);
    expect(begun).toEqual(['a', 'b']);
  });
});
