import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import type { CallLimits } from './make-call-policy.ts';
import { RequestCancelled, runWithDeadline, runWithin } from './request-bounds.ts';
import { makeServiceClient, type ServiceClient } from './make-service-client.ts';

const OPERATION = parse('{ stock }') as TypedDocumentNode<{ stock: number }, object>;

/** Half of it passes here, and the calls must not time out on a busy machine. */
const TIMEOUT_MS = 8_000;

/** More than open the circuit when each counts as a failure. */
const CALLS = 20;

let server: Server;
let client: ServiceClient;
let isSilent = true;
let isDown = false;
let received = 0;
let disconnected = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    received += 1;
    if (isDown) {
      request.destroy();
      return;
    }
    response.once('close', () => {
      if (!response.writableEnded) disconnected += 1;
    });
    request.resume().on('end', () => {
      if (!isSilent) response.end(JSON.stringify({ data: { stock: 7 } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = makeClient();
});

const makeClient = (limits: Partial<CallLimits> = {}) =>
  makeServiceClient({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    service: 'product',
    caller: 'order',
    secret: 'the-secret-of-the-orders-0123456789',
    timeoutMs: TIMEOUT_MS,
    limits,
  });

afterAll(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
});

describe('a call for work that is cancelled', () => {
  it('is aborted, is not made later, and does not count against the service', async () => {
    const controller = new AbortController();
    const call = () =>
      runWithin({ deadline: null, signal: controller.signal }, () =>
        client.request(OPERATION, {}, { isSafe: true }),
      );
    const calls = Array.from({ length: CALLS }, async () =>
      call().catch((error: unknown) => error),
    );
    while (received < CALLS) await sleep(5);
    // After this wait a timeout would count as a failure of the service.
    await sleep(TIMEOUT_MS / 2);
    const reason = new RequestCancelled('client disconnected');
    controller.abort(reason);
    for (const outcome of await Promise.all(calls)) expect(outcome).toBe(reason);
    await expect(call()).rejects.toBe(reason);
    while (disconnected < CALLS) await sleep(5);
    expect(received).toBe(CALLS);

    isSilent = false;
    expect(await client.request(OPERATION, {})).toEqual({ stock: 7 });
  });
});

describe('a call that its caller cuts short', () => {
  it('leaves the circuit of a service open that does not answer', async () => {
    const BREAK_MS = 2_000;
    const breaking = makeClient({ breakAfter: 5, breakMs: BREAK_MS });
    const call = () => breaking.request(OPERATION, {});
    isDown = true;
    for (let failed = 0; failed < 5; failed += 1) await expect(call()).rejects.toThrow();
    await sleep(BREAK_MS + 50);
    isDown = false;
    isSilent = true;
    const before = received;
    await expect(runWithDeadline(200, call)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(call()).rejects.toMatchObject({ retryAfterSeconds: expect.any(Number) });
    expect(received).toBe(before + 1);
    isSilent = false;
    await sleep(BREAK_MS + 50);
    expect(await call()).toEqual({ stock: 7 });
    await breaking.close();
  });
});
