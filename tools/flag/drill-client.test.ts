import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../start/settings.ts';
import { makeDrillClient } from './drill-client.ts';

describe('npm run flag', () => {
  it('reaches a private port on an IPv6 address', async () => {
    const server = createServer((_request, response) => response.end('{"http":{}}'));
    await new Promise<void>((done) => server.listen(0, '::1', done));
    const { port } = server.address() as { port: number };
    try {
      const { metricsPorts } = readSettings({ USER_METRICS_PORT: String(port) }, '/repo');
      const client = makeDrillClient({ metricsHost: '::1', metricsPorts });
      expect(await client.read('user')).toEqual({ http: {} });
    } finally {
      server.close();
    }
  });
});
