import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLink, type Link } from './start-link.ts';

/** Long enough for what must not arrive, and short enough for a test. */
const QUIET_MS = 200;

let server: Server;
let link: Link;
let sockets: Socket[];

/** A server that returns what it receives. */
beforeEach(async () => {
  server = createServer((socket) => void socket.on('error', () => {}).pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  link = await startLink((server.address() as AddressInfo).port);
  sockets = [];
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await link.close();
  server.close();
});

const open = async (): Promise<Socket> => {
  const socket = connect(link.port, '127.0.0.1').on('error', () => {});
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
};

/** Sends a word. @returns what comes back in time; null: nothing */
const echo = async (socket: Socket, word: string, ms = 5_000): Promise<string | null> => {
  socket.write(word);
  const answer = once(socket, 'data') as Promise<[Buffer]>;
  const received = await Promise.race([answer, sleep(ms, null, { ref: false })]);
  return received && String(received[0]);
};

describe('a link', () => {
  it('passes what is sent', async () => {
    const socket = await open();
    expect(await echo(socket, 'one')).toBe('one');
  });

  it('delays responses', async () => {
    const socket = await open();
    link.delay(QUIET_MS);
    const startedAt = performance.now();
    expect(await echo(socket, 'one')).toBe('one');
    // Timers may fire a millisecond early.
    expect(performance.now() - startedAt).toBeGreaterThan(QUIET_MS - 5);
  });

  it('passes what was sent when it is not stalled any more', async () => {
    const [socket, idle] = [await open(), await open()];
    await echo(idle, 'before');
    link.stall();
    expect(await echo(socket, 'one', QUIET_MS)).toBeNull();
    const fresh = await open();
    expect(await echo(fresh, 'two', QUIET_MS)).toBeNull();
    const answers = Promise.all([socket, fresh].map((each) => once(each, 'data')));
    await link.restore();
    expect((await answers).map(String)).toEqual(['one', 'two']);
    expect(await echo(idle, 'three')).toBe('three');
  });

  it('refuses connections, and closes those that are open', async () => {
    const socket = await open();
    await echo(socket, 'before');
    const closed = once(socket, 'close');
    await link.refuse();
    await closed;
    await expect(open()).rejects.toThrow('ECONNREFUSED');
    await link.restore();
    expect(await echo(await open(), 'one')).toBe('one');
  });

  it('loses the connections that are open, for good', async () => {
    const socket = await open();
    await echo(socket, 'before');
    link.loseConnections();
    expect(await echo(socket, 'one', QUIET_MS)).toBeNull();
    await link.restore();
    expect(await echo(socket, 'two', QUIET_MS)).toBeNull();
    expect(await echo(await open(), 'three')).toBe('three');
  });
});
