import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { makeEventStream, type EventStream } from './make-event-stream.ts';
import { makeStreamPlaces } from './make-stream-places.ts';

const LIMITS = { heartbeatMs: 60_000, maxAgeMs: 60_000, maxBufferBytes: 500, retryMs: 1 };

const streams: EventStream[] = [];

const makeStream = (): EventStream => {
  const stream = makeEventStream(LIMITS, new Writable({ write: () => {} }));
  streams.push(stream);
  return stream;
};

afterEach(() => {
  for (const { body } of streams.splice(0)) body.destroy();
});

const unavailable = (retryAfterSeconds?: number) =>
  expect.objectContaining({ code: 'UNAVAILABLE', retryAfterSeconds });

describe('the places of event streams', () => {
  const openPlaces = (max: number, maxPerAccount: number) => {
    const places = makeStreamPlaces({ max, maxPerAccount });
    const open = (account: string) => places.use(async (begin) => begin(account, makeStream));
    return { ...places, open };
  };

  it('are limited per process, and free when a stream ends', async () => {
    const { open } = openPlaces(2, 2);
    const first = await open('a');
    await open('b');
    await expect(open('c')).rejects.toEqual(unavailable(10));
    first.end('FINAL');
    await open('c');
    await expect(open('d')).rejects.toEqual(unavailable(10));
  });

  it('are limited per account', async () => {
    const { open } = openPlaces(10, 1);
    const first = await open('a');
    await open('b');
    await expect(open('a')).rejects.toEqual(unavailable(10));
    first.body.destroy();
    await new Promise((resolve) => setImmediate(resolve));
    await open('a');
  });

  it('are taken while it is decided whether a stream is opened, and free when none is', async () => {
    const { use, open } = openPlaces(1, 1);
    const decision = Promise.withResolvers<void>();
    const undecided = use(() => decision.promise);
    await expect(open('a')).rejects.toEqual(unavailable(10));
    decision.resolve();
    await undecided;
    await expect(use(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    await open('a');
  });

  it('end all streams when they are closed, and let none begin', async () => {
    const { use, open, close } = openPlaces(5, 5);
    const decision = Promise.withResolvers<void>();
    const late = use(async (begin) => {
      await decision.promise;
      return begin('a', makeStream);
    });
    const stream = await open('a');
    close();
    expect(stream.signal.reason).toMatchObject({ reason: 'SHUTDOWN' });
    decision.resolve();
    await expect(late).rejects.toEqual(unavailable());
    await expect(open('b')).rejects.toEqual(unavailable());
  });
});
