import { once } from 'node:events';
import net from 'node:net';

/**
 * A TCP port of 127.0.0.1 that no process listens on. Another process may take it before the caller
 * does, who must be ready to try again.
 */
export const freePort = async (): Promise<number> => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
};
