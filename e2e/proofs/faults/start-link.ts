import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** The network between a service and its database. */
export type Link = {
  readonly port: number;
  /** The database refuses connections, and those that are open are closed. */
  readonly refuse: () => Promise<void>;
  /** Each response of the database is late by so many milliseconds. */
  readonly delay: (ms: number) => void;
  /** Nothing arrives. What was sent arrives when the link is restored, as TCP repeats lost packets. */
  readonly stall: () => void;
  /** Nothing arrives on the connections that are open, also afterwards, and no side is told. */
  readonly loseConnections: () => void;
  /** Ends any of these. */
  readonly restore: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type Connection = { readonly client: Socket; readonly server: Socket; isLost: boolean };

/**
 * Starts a link to a port of this machine, at first without a fault.
 * @param targetPort where the database is
 */
export const startLink = async (targetPort: number): Promise<Link> => {
  const connections = new Set<Connection>();
  let delayMs = 0;
  let isStalled = false;

  const serve = (client: Socket): void => {
    const server = connect(targetPort, '127.0.0.1').setNoDelay(true);
    client.setNoDelay(true);
    const connection: Connection = { client, server, isLost: false };
    connections.add(connection);
    const hangUp = (): void => {
      connections.delete(connection);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.on('error', hangUp).on('close', hangUp);
      if (isStalled) socket.pause();
    }
    client.on('data', (bytes: Buffer) => {
      if (!connection.isLost) server.write(bytes);
    });
    let arriving = Promise.resolve();
    server.on('data', (bytes: Buffer) => {
      const waitMs = delayMs;
      arriving = arriving.then(async () => {
        if (waitMs > 0) await sleep(waitMs);
        if (!connection.isLost) client.write(bytes);
      });
    });
  };

  const gate = createServer(serve);
  gate.listen(0, '127.0.0.1');
  await once(gate, 'listening');
  const { port } = gate.address() as AddressInfo;

  const hangUpAll = (): void => {
    for (const { client } of connections) client.destroy();
  };

  const setStalled = (stalled: boolean): void => {
    isStalled = stalled;
    for (const { client, server } of connections) {
      for (const socket of [client, server]) {
        if (stalled) socket.pause();
        else socket.resume();
      }
    }
  };

  return {
    port,

    refuse: async () => {
      const closed = once(gate, 'close');
      gate.close();
      hangUpAll();
      await closed;
    },

    delay: (ms) => {
      delayMs = ms;
    },

    stall: () => setStalled(true),

    loseConnections: () => {
      for (const connection of connections) connection.isLost = true;
    },

    restore: async () => {
      delayMs = 0;
      setStalled(false);
      if (gate.listening) return;
      gate.listen(port, '127.0.0.1');
      await once(gate, 'listening');
    },

    close: async () => {
      if (!gate.listening) return;
      const closed = once(gate, 'close');
      gate.close();
      hangUpAll();
      await closed;
    },
  };
};
