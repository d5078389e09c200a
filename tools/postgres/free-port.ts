import { once } from 'node:events';
import net from 'node:net';

/**
 * A TCP port of 127.0.0.1 that nobody listened on a moment ago. Another process may take it before
 * the caller does: whoever uses it must be ready to ask for another.
 */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
}
