import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { lowStock } from '../test/open-outbox.ts';
import { makeEvent } from './cloud-event.ts';
import { makeNatsPublisher } from './make-nats-publisher.ts';
import { natsServers } from './nats-servers.ts';

/** What a client may send first, by its first byte. CONNECT has the user and the password. */
const BEGINNINGS: Readonly<Record<number, string>> = {
  // A record of the handshake protocol, with a ClientHello: RFC 8446, section 5.1.
  0x16: 'a TLS handshake',
  0x43: 'CONNECT',
};

/** Publishes to a server that greets with INFO. @returns what it receives first */
const beginningTo = async (scheme: string, info: object): Promise<string | undefined> => {
  let beginning: string | undefined = 'nothing';
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      beginning = BEGINNINGS[data[0] ?? 0];
      socket.end("-ERR 'Authorization Violation'\r\n");
    });
    socket.write(
      `INFO ${JSON.stringify({ version: '2.11.0', proto: 1, headers: true, ...info })}\r\n`,
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const publisher = makeNatsPublisher(
    natsServers().parse(`${scheme}://shop:secret@127.0.0.1:${port}`),
  );
  await expect(publisher.publish(makeEvent(lowStock()))).rejects.toThrow();
  await publisher.close();
  server.close();
  return beginning;
};

describe('a connection to NATS', () => {
  it.each([
    ['nats', 'has no TLS', 'CONNECT', {}],
    ['nats', 'requires TLS', 'a TLS handshake', { tls_required: true }],
    ['tls', 'requires TLS', 'a TLS handshake', { tls_required: true }],
    ['tls', 'has TLS', 'a TLS handshake', { tls_available: true }],
    // Something in between may claim that there is no TLS, to read the password.
    ['tls', 'has no TLS', 'nothing', {}],
  ])('by %s:// to a server that %s begins with %s', async (scheme, _tls, beginning, info) => {
    expect(await beginningTo(scheme, info)).toBe(beginning);
  });
});
