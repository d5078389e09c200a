import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openStore } from '../test/open-store.ts';
import { makeIdempotency } from './make-idempotency.ts';

let opened: Awaited<ReturnType<typeof openStore>>;
let key: string;

beforeAll(async () => {
  opened = await openStore();
});

beforeEach(() => {
  key = randomUUID();
});

afterAll(() => opened.close());

const userId = randomUUID();

/** A worker on the request, the end of its work, and its body. */
type Worker = {
  name: string;
  ready?: Promise<void>;
  body?: string;
  leaseMs?: number;
  waitMs?: number;
};

/** Sends the request. @returns which worker did it */
const work = (worker: Worker) => {
  const { name, ready, body = 'body', leaseMs = 30_000, waitMs = 50 } = worker;
  const options = { dateFields: new Set(['at']), times: { leaseMs, waitMs } };
  const request = { userId, operation: 'refund', key, request: [body], subjectId: randomUUID() };
  return makeIdempotency(opened.store, options).once(request, async (subjectId, isNew) => {
    await ready;
    return { by: name, subjectId, isNew, at: new Date(1e12), inner: [{ at: new Date(2e12) }] };
  });
};

const hold = () => Promise.withResolvers<void>();

const setKey = (change: string) =>
  opened.database.query(`UPDATE idempotency_keys SET ${change} WHERE key = $1`, [key]);

/** Waits until a worker holds the key. @returns the subject of its request */
const claimed = () =>
  eventually(async () => {
    const rows = await opened.database.query<{ subjectId: string }>(
      `SELECT subject_id AS "subjectId" FROM idempotency_keys
       WHERE key = $1 AND locked_until > now() AND response IS NULL`,
      [key],
    );
    expect(rows).toHaveLength(1);
    return rows[0]?.subjectId;
  });

/** Ends the lease of the worker that holds the key. */
const endLease = () => setKey("locked_until = now() - interval '1 second'");

describe('a request with a key', () => {
  it('is done once; repeats get its response, with dates', async () => {
    const first = await work({ name: 'a' });
    expect(first).toMatchObject({ by: 'a', isNew: true, at: new Date(1e12) });
    expect(await work({ name: 'b' })).toEqual(first);
  });

  it('is a conflict with another body, before and after its response is stored', async () => {
    const { promise, resolve } = hold();
    const slow = work({ name: 'a', ready: promise });
    const conflict = { code: 'IDEMPOTENCY_CONFLICT' };
    await claimed();
    expect(await work({ name: 'b', body: 'other' })).toMatchObject(conflict);
    resolve();
    expect(await slow).toMatchObject({ by: 'a' });
    expect(await work({ name: 'b', body: 'other' })).toMatchObject(conflict);
  });

  it('is waited for while it is in progress, and refused with REQUEST_IN_FLIGHT when that takes long', async () => {
    const { promise, resolve } = hold();
    const slow = work({ name: 'a', ready: promise });
    await claimed();
    const early = await work({ name: 'b', waitMs: 1 });
    expect(early).toMatchObject({ code: 'REQUEST_IN_FLIGHT', retryAfterSeconds: 5 });
    const waiting = work({ name: 'c', waitMs: 30_000 });
    resolve();
    const response = await slow;
    expect(response).toMatchObject({ by: 'a' });
    expect(await waiting).toEqual(response);
  });

  it('that throws stores no response: a repeat does it, with the same subject', async () => {
    const { promise, reject } = hold();
    const broken = work({ name: 'a', ready: promise });
    const subjectId = await claimed();
    const waiting = work({ name: 'b', waitMs: 30_000 });
    reject(new Error('broken'));
    await expect(broken).rejects.toThrow('broken');
    expect(await waiting).toMatchObject({ by: 'b', subjectId, isNew: false });
  });

  it('forgets a response that shouldStore rejects: a repeat is a new request', async () => {
    const idempotency = makeIdempotency(opened.store, { dateFields: new Set() });
    const request = { userId, operation: 'refund', key, request: [] };
    const once = (by: string) => {
      const made = randomUUID();
      return idempotency.once(
        { ...request, subjectId: made, shouldStore: (response) => response !== 'a' },
        async (subjectId, isNew) => {
          expect({ subjectId, isNew }).toEqual({ subjectId: made, isNew: true });
          return by;
        },
      );
    };
    expect([await once('a'), await once('b'), await once('c')]).toEqual(['a', 'b', 'b']);
  });

  it('without a key is done each time', async () => {
    const once = (by: string) =>
      makeIdempotency(opened.store, { dateFields: new Set() }).once(
        { userId, operation: 'refund', key: null, request: [], subjectId: randomUUID() },
        async () => by,
      );
    expect([await once('a'), await once('b')]).toEqual(['a', 'b']);
  });
});

describe('two workers on one request, past the lease of the first', () => {
  it('get one response: that of the slow one is not stored', async () => {
    const { promise, resolve } = hold();
    const slow = work({ name: 'a', ready: promise });
    await claimed();
    await endLease();
    const quick = await work({ name: 'b' });
    expect(quick).toMatchObject({ by: 'b', isNew: false });
    resolve();
    expect(await slow).toEqual(quick);
    expect(await work({ name: 'c' })).toEqual(quick);
  });

  it('have one body: a request with another one does not take the key over', async () => {
    const { promise, resolve } = hold();
    const slow = work({ name: 'a', ready: promise });
    await claimed();
    await endLease();
    const conflict = { code: 'IDEMPOTENCY_CONFLICT' };
    expect(await work({ name: 'b', body: 'other' })).toMatchObject(conflict);
    resolve();
    expect(await slow).toMatchObject({ by: 'a' });
  });

  it('do not free the key of the second when the first fails', async () => {
    const [first, second] = [hold(), hold()];
    const failing = work({ name: 'a', ready: first.promise });
    await claimed();
    await endLease();
    const working = work({ name: 'b', ready: second.promise });
    await claimed();
    first.reject(new Error('broken'));
    await expect(failing).rejects.toThrow('broken');
    // The first no longer holds the key, so it frees nothing.
    expect(await work({ name: 'c' })).toMatchObject({ code: 'REQUEST_IN_FLIGHT' });
    second.resolve();
    expect(await working).toMatchObject({ by: 'b' });
    expect(await work({ name: 'c' })).toMatchObject({ by: 'b' });
  });
});

describe('work that stores its response itself', () => {
  const request = () => ({
    userId,
    operation: 'refund',
    key,
    request: ['body'],
    subjectId: randomUUID(),
  });
  const once = (by: string, ready?: Promise<void>) =>
    makeIdempotency(opened.store, { dateFields: new Set(['at']) }).once(
      request(),
      async (_subjectId, _isNew, slot) => {
        await ready;
        const response = { by, at: new Date(1e12) };
        if (!slot) throw new Error('there is a key');
        const { lease } = slot;
        const saved = await opened.database.query(
          `UPDATE idempotency_keys SET response = $1 WHERE key = $2 AND locked_until = $3
             AND response IS NULL RETURNING key`,
          [JSON.stringify(response), lease.key, lease.lockedUntil],
        );
        if (saved.length === 1) slot.markSaved();
        return response;
      },
    );

  it('gives it to repeats, and stores nothing else', async () => {
    const first = await once('a');
    expect(first).toEqual({ by: 'a', at: new Date(1e12) });
    expect(await once('b')).toEqual(first);
  });

  it('past its lease stores nothing, and gets the response of the worker that took over', async () => {
    const { promise, resolve } = hold();
    const slow = once('a', promise);
    await claimed();
    await endLease();
    const quick = await once('b');
    resolve();
    expect([await slow, await once('c')]).toEqual([quick, quick]);
  });

  it('keeps it when the work fails after that: a repeat gets it', async () => {
    const idempotency = makeIdempotency(opened.store, { dateFields: new Set() });
    const failing = idempotency.once(request(), async (_subjectId, _isNew, slot) => {
      await setKey('response = \'"stored"\'');
      slot?.markSaved();
      throw new Error('broken');
    });
    await expect(failing).rejects.toThrow('broken');
    expect(await idempotency.once(request(), async () => 'again')).toBe('stored');
  });

  it('has no place for it without a key', async () => {
    const slots: unknown[] = [];
    await makeIdempotency(opened.store, { dateFields: new Set() }).once(
      { ...request(), key: null },
      async (_subjectId, _isNew, slot) => slots.push(slot),
    );
    expect(slots).toEqual([null]);
  });
});
