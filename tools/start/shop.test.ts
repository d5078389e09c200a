import { afterEach, describe, expect, it } from 'vitest';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitForReady } from './shop.ts';

const NEVER = () => false;

describe('waitForReady', () => {
  const servers: http.Server[] = [];
  afterEach(() => servers.splice(0).forEach((server) => server.close()));

  /** Responds to each request with the next of the statuses, and then always with the last. */
  const target = async (name: string, ...statuses: number[]) => {
    const server = http.createServer((_, response) => {
      response.statusCode = (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 200;
      response.end();
    });
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return { name, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz` };
  };
  const { signal } = new AbortController();

  it('waits until the last one is ready', async () => {
    const targets = [await target('user', 200), await target('order', 503, 503, 200)];
    const options = { timeoutMs: 60_000, isHopeless: NEVER, signal };
    await expect(waitForReady(targets, options)).resolves.toEqual([]);
  });

  it('names those that are not ready in time', async () => {
    const gone = { name: 'rest', url: 'http://127.0.0.1:1/readyz' };
    const targets = [await target('user', 200), await target('order', 503), gone];
    const options = { timeoutMs: 2_000, isHopeless: NEVER, signal };
    await expect(waitForReady(targets, options)).resolves.toEqual(targets.slice(1));
  });

  it('takes no answer of another process for that of one that does not listen', async () => {
    const targets = [await target('user', 200), await target('order', 200)];
    const isListening = (name: string) => name !== 'order';
    const options = { timeoutMs: 1_000, isListening, isHopeless: NEVER, signal };
    await expect(waitForReady(targets, options)).resolves.toEqual(targets.slice(1));
  });

  it('does not wait for one that will never be ready', async () => {
    const targets = [await target('order', 503)];
    const options = { timeoutMs: 60_000, isHopeless: () => true, signal };
    await expect(waitForReady(targets, options)).resolves.toEqual(targets);
  });
});
