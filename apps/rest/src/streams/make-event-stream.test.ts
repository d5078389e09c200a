import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeEventStream } from './make-event-stream.ts';

const LIMITS = { heartbeatMs: 1_000, maxAgeMs: 10_000, maxBufferBytes: 500, retryMs: 2_000 };

const event = (id: number) => ({ id: String(id), event: 'order_status', data: { id } });

/** A connection whose client reads nothing. */
const unreadResponse = (): Writable => new Writable({ write: () => {} });

beforeEach(() => {
  // Streams need setImmediate.
  vi.useFakeTimers({
    toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('an event stream', () => {
  it('says when to reconnect, sends events and heartbeats, and ends', async () => {
    const stream = makeEventStream(LIMITS, unreadResponse());
    stream.send({ ...event(1), data: { text: 'two\nlines' } });
    vi.advanceTimersByTime(2_000);
    stream.send(event(2));
    stream.end('FINAL');
    stream.send(event(3));
    const [retry, ...parts] = (await text(stream.body)).split('\n\n');
    const [, retryMs] = /^retry: (\d+)$/.exec(retry ?? '') ?? [];
    expect(Number(retryMs)).toBeGreaterThanOrEqual(2_000);
    expect(Number(retryMs)).toBeLessThanOrEqual(4_000);
    expect(parts).toEqual([
      'event: order_status\nid: 1\ndata: {"text":"two\\nlines"}',
      ':',
      ':',
      'event: order_status\nid: 2\ndata: {"id":2}',
      '',
    ]);
    expect(stream.signal.reason).toMatchObject({ reason: 'FINAL' });
  });

  it('ends when it is old', async () => {
    const stream = makeEventStream(LIMITS, unreadResponse());
    vi.advanceTimersByTime(9_999);
    expect(stream.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(stream.signal.reason).toMatchObject({ reason: 'MAX_AGE' });
    expect(await text(stream.body)).toMatch(/^retry: .*:\n\n$/s);
  });

  it('disconnects a client that reads less than may wait for it', () => {
    const response = unreadResponse();
    const stream = makeEventStream(LIMITS, response);
    for (let id = 1; !stream.signal.aborted && id < 100; id += 1) stream.send(event(id));
    expect(stream.signal.reason).toMatchObject({ reason: 'SLOW_READER' });
    expect([stream.body.destroyed, response.destroyed]).toEqual([true, true]);
  });

  it('counts what the connection has not sent yet', () => {
    const response = unreadResponse();
    const stream = makeEventStream(LIMITS, response);
    response.write('x'.repeat(500));
    stream.send(event(1));
    expect(stream.signal.reason).toMatchObject({ reason: 'SLOW_READER' });
  });

  it('disconnects a client that does not receive its end', () => {
    const response = unreadResponse();
    makeEventStream(LIMITS, response).end('SHUTDOWN');
    expect(response.destroyed).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(response.destroyed).toBe(true);
  });

  it('ends when its client disconnects, and leaves no timer', async () => {
    const stream = makeEventStream(LIMITS, unreadResponse());
    stream.body.destroy();
    await new Promise((resolve) => setImmediate(resolve));
    expect(stream.signal.reason).toMatchObject({ reason: 'DISCONNECTED' });
    expect(vi.getTimerCount()).toBe(0);
  });
});
