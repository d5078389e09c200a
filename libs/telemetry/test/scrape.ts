import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Telemetry } from '../src/start-telemetry.ts';

/** Reads the metrics of this process as Prometheus does. @param accept the media types that it accepts */
export const scrape = async (telemetry: Telemetry, accept = '*/*') => {
  const server = createServer(telemetry.writeMetrics);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { accept } });
  const text = await response.text();
  server.close();
  return { type: response.headers.get('content-type'), text };
};
