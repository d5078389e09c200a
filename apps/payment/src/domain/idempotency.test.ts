import { beforeEach, describe, expect, it } from '@jest/globals';
import { makeDoOnce, type DoOnce, type RequestStore } from './idempotency.ts';

type Kept = { requestHash: Uint8Array; subjectId: string; lockedUntil: Date; response: unknown };

let kept: Kept | null;
let doOnce: DoOnce;

const store: RequestStore = {
  claim: async ({ requestHash, subjectId, lockedUntil }) => {
    if (kept === null) kept = { requestHash, subjectId, lockedUntil, response: null };
    else if (kept.response !== null) return { ...kept, kind: 'answered' };
    else if (kept.lockedUntil > new Date()) return { ...kept, kind: 'in flight' };
    kept.lockedUntil = lockedUntil;
    return { kind: 'claimed', subjectId: kept.subjectId };
  },
  keepResponse: async (_name, response) => {
    if (kept) kept.response ??= JSON.parse(JSON.stringify(response));
    return kept?.response;
  },
  release: async () => {
    if (kept) kept.lockedUntil = new Date(0);
  },
  forget: async () => undefined,
};

type Made = { id: string; worker: string };

/** Does the request as `worker`, who answers when `ready` is settled. */
const work = (worker: string, ready: Promise<void> = Promise.resolve(), body: unknown = 'body') =>
  doOnce<Made>(
    {
      userId: 'ada',
      operation: 'refund',
      key: 'k',
      body,
      newId: `subject of ${worker}`,
      revive: (response) => response as Made,
    },
    async (id) => {
      await ready;
      return { id, worker };
    },
  );

const endLease = () => {
  if (kept) kept.lockedUntil = new Date(0);
};

beforeEach(() => {
  kept = null;
  doOnce = makeDoOnce(store);
});

describe('a request under a key', () => {
  it('is done by the first who comes, and answered so to all', async () => {
    const first = { id: 'subject of a', worker: 'a' };
    expect(await work('a')).toEqual(first);
    expect(await work('b')).toEqual(first);
    expect(await work('c', undefined, 'other')).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  });

  it('is told to wait, or that it is another, while it is under way', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow = work('a', promise);
    expect(await work('b')).toMatchObject({ code: 'REQUEST_IN_FLIGHT', retryAfterSeconds: 1 });
    expect(await work('b', undefined, 'other')).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    resolve();
    expect(await slow).toMatchObject({ worker: 'a' });
  });

  it('is taken over past the lease, for the same subject; the answer of the slow one is refused', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow = work('a', promise);
    endLease();
    const answer = { id: 'subject of a', worker: 'b' };
    expect(await work('b')).toEqual(answer);
    resolve();
    expect(await slow).toEqual(answer);
  });

  it('that ends in an exception has no answer: a repeat does it, for the same subject', async () => {
    await expect(work('a', Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await work('b')).toEqual({ id: 'subject of a', worker: 'b' });
  });
});
