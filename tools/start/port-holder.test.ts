import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { describeHolder, listeningInodes } from './port-holder.ts';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 0100007F:0FA0 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1
   2: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0
`;

describe('who holds a port', () => {
  it('finds the sockets that listen on it, not those that are connected', () => {
    expect(listeningInodes(TABLE, 4000)).toEqual(['4711']);
    expect(listeningInodes(TABLE, 8080)).toEqual(['4713']);
    expect(listeningInodes(TABLE, 4001)).toEqual([]);
  });

  it('names the process by its pid and command line', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(describeHolder(port)).toMatch(new RegExp(`^pid ${process.pid} \\(.*\\)$`));
    server.close();
  });
});
