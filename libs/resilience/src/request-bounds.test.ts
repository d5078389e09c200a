import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  currentSignal,
  readDeadline,
  remainingMs,
  RequestCancelled,
  runRequest,
  runToCompletion,
  runWithDeadline,
  throwIfCancelled,
  type CancelReason,
} from './request-bounds.ts';

let server: Server;
let port: number;
let timeoutMs: number | null = null;
let work: () => Promise<unknown> = async () => null;
/** The result of the last request's work. */
let outcome: PromiseWithResolvers<unknown>;
let cancelled: CancelReason[] = [];

beforeAll(async () => {
  server = createServer((incoming, response) => {
    incoming.resume().on('end', () => {
      const result = runRequest(response, timeoutMs, work, (reason) => cancelled.push(reason));
      void result.then(outcome.resolve, outcome.reject).finally(() => response.end('{}'));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});

afterAll(() => void server.close());

const begin = (own: { work: () => Promise<unknown>; timeoutMs?: number }) => {
  work = own.work;
  timeoutMs = own.timeoutMs ?? null;
  cancelled = [];
  outcome = Promise.withResolvers();
  const sent = request({ port, host: '127.0.0.1', method: 'POST' });
  sent.on('error', () => {});
  sent.end('{}');
  return sent;
};

const untilAborted = async (): Promise<unknown> => {
  const signal = currentSignal();
  if (!signal) throw new Error('there is no signal');
  await once(signal, 'abort');
  return signal.reason;
};

describe('the work on a request', () => {
  it('is cancelled when its client disconnects', async () => {
    const started = Promise.withResolvers<void>();
    const client = begin({
      work: () => {
        started.resolve();
        return untilAborted();
      },
    });
    await started.promise;
    client.destroy();
    expect(await outcome.promise).toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'client disconnected',
    });
    expect(cancelled).toEqual(['client disconnected']);
  });

  it('is cancelled when its deadline has passed', async () => {
    begin({ work: untilAborted, timeoutMs: 20 });
    expect(await outcome.promise).toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'deadline exceeded',
    });
    expect(cancelled).toEqual(['deadline exceeded']);
  });

  it('is not cancelled while its client waits, nor after the response', async () => {
    let signal: AbortSignal | null = null;
    const client = begin({
      timeoutMs: 60_000,
      work: async () => {
        signal = currentSignal();
        throwIfCancelled();
        return remainingMs();
      },
    });
    const [response] = (await once(client, 'response')) as [NodeJS.ReadableStream];
    await once(response.resume(), 'end');
    expect(await outcome.promise).toBeGreaterThan(1_000);
    client.destroy();
    await sleep(20);
    expect(signal).toMatchObject({ aborted: false });
    expect(cancelled).toEqual([]);
  });

  it('continues in runToCompletion, with the deadline of the caller', async () => {
    const client = begin({
      timeoutMs: 60_000,
      work: async () => {
        const signal = currentSignal();
        const completed = runToCompletion(async () => {
          client.destroy();
          if (signal) await once(signal, 'abort');
          throwIfCancelled();
          return { signal: currentSignal(), left: remainingMs() };
        });
        const result = await completed;
        expect(throwIfCancelled).toThrow(RequestCancelled);
        return result;
      },
    });
    expect(await outcome.promise).toEqual({ signal: null, left: expect.any(Number) });
  });

  it('has no signal outside of a request', () => {
    expect(currentSignal()).toBeNull();
    throwIfCancelled();
  });
});

describe('the deadline of a request', () => {
  it('is the time left, anywhere in the work of the request', async () => {
    const left = await runWithDeadline(5_000, async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return remainingMs();
    });
    expect(left).toBeLessThan(4_990);
    expect(left).toBeGreaterThan(4_000);
  });

  it('is null outside of a request, and when the caller set none', () => {
    expect(remainingMs()).toBeNull();
    expect(runWithDeadline(null, remainingMs)).toBeNull();
    expect(runWithDeadline(1_000, () => runWithDeadline(null, remainingMs))).toBeNull();
  });

  it.each([
    ['0', 0],
    ['1500', 1500],
    ['600001', null],
    ['-1', null],
    ['1.5', null],
    ['1e3', null],
    ['', null],
    ['soon', null],
    [undefined, null],
    [['1', '2'], null],
  ])('is read from %j as %j', (header, expected) => {
    expect(readDeadline(header)).toBe(expected);
  });
});
