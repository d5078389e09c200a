import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { fastify, type FastifyInstance } from 'fastify';
import { prepareListeners } from './prepare-listeners.ts';

const HOST = '127.0.0.1';

const apps: FastifyInstance[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

const open = async (port = 0, maxConnections = 1_000) => {
  const app = fastify({ forceCloseConnections: 'idle' });
  apps.push(app);
  app.server.maxConnections = maxConnections;
  app.get('/', async () => 'served');
  let received = 0;
  const { promise: released, resolve: answer } = Promise.withResolvers<void>();
  app.get('/slow', async () => {
    received += 1;
    await released;
    return 'served late';
  });
  await prepareListeners(app)({ host: HOST, port });
  const { port: own } = app.server.address() as AddressInfo;
  /** Of the requests to /slow: how many were received, and what answers them. */
  const slow = { received: () => received, answer };
  return { app, port: own, slow };
};

const connectTo = (port: number): Socket => {
  const socket = connect(port, HOST);
  socket.on('error', () => {});
  sockets.push(socket);
  return socket;
};

describe('an app that listens by several sockets', () => {
  it('accepts several connections in one turn of the event loop', async () => {
    const { app, port } = await open();
    let turn = 0;
    let isDone = false;
    const perTurn = new Map<number, number>();
    const count = (): void => {
      turn += 1;
      if (!isDone) setImmediate(count);
    };
    app.server.on('connection', () => perTurn.set(turn, (perTurn.get(turn) ?? 0) + 1));
    for (let index = 0; index < 64; index += 1) connectTo(port);
    // The kernel completes them while this process does something else.
    await new Promise(setImmediate);
    const end = performance.now() + 100;
    while (performance.now() < end);
    count();
    const accepted = () => [...perTurn.values()].reduce((sum, one) => sum + one, 0);
    await eventually(() => expect(accepted()).toBe(64));
    isDone = true;
    // A lone socket accepts one.
    expect(Math.max(...perTurn.values())).toBeGreaterThan(2);
  });

  it('serves all of them', async () => {
    const { port } = await open();
    const get = async () => (await fetch(`http://${HOST}:${port}/`)).text();
    expect(await Promise.all(Array.from({ length: 50 }, get))).toEqual(Array(50).fill('served'));
  });

  it('has the port for itself', async () => {
    const { port } = await open();
    await expect(open(port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('closes connections past the greatest number, of all sockets together', async () => {
    const { port } = await open(0, 10);
    const opened = Array.from({ length: 30 }, () => connectTo(port));
    let closed = 0;
    for (const socket of opened) socket.once('close', () => (closed += 1));
    await eventually(() => expect(closed).toBe(20));
    await sleep(50);
    expect(closed).toBe(20);
  });

  it('closes when the requests in progress are answered', async () => {
    const { app, port, slow } = await open();
    const answers = Array.from({ length: 20 }, async () =>
      (await fetch(`http://${HOST}:${port}/slow`)).text(),
    );
    await eventually(() => expect(slow.received()).toBe(20));
    const closed = app.close();
    await sleep(100);
    slow.answer();
    await closed;
    expect(await Promise.all(answers)).toEqual(Array(20).fill('served late'));
    const refused = connectTo(port);
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });
});
