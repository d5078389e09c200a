// Not for a remote shop: calls the subgraphs and the private ports, which only its machine reaches.
import { describe, expect, it } from 'vitest';

const subgraphs = (): string[] =>
  (process.env['E2E_SUBGRAPH_PORTS'] ?? '').split(',').map((port) => `http://127.0.0.1:${port}`);

describe('a subgraph', () => {
  it('refuses a caller that is neither the router nor a service', async () => {
    for (const each of subgraphs()) {
      const response = await fetch(`${each}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-cartograph-caller': 'router.1.x.y' },
        body: JSON.stringify({ query: '{ _service { sdl } }' }),
      });
      expect(response.status).toBe(403);
      expect(await response.text()).not.toContain('type Query');
    }
  });
});

describe('every process', () => {
  const origins = (): string[] => [
    new URL(process.env['E2E_GRAPH_URL'] ?? '').origin,
    process.env['E2E_REST_URL'] ?? '',
    ...subgraphs(),
  ];

  it('reports that it is alive and ready, and no details', async () => {
    expect(origins()).toHaveLength(6);
    for (const each of origins()) {
      expect((await fetch(`${each}/healthz`)).status).toBe(200);
      const ready = await fetch(`${each}/readyz`);
      expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
      expect((await fetch(`${each}/metrics`)).status).toBe(404);
    }
  });

  it('serves details and metrics on a private port', async () => {
    // Requests to measure: probes are not measured.
    for (const each of origins()) expect((await fetch(`${each}/nothing`)).status).toBe(404);
    const ports = (process.env['E2E_METRICS_PORTS'] ?? '').split(',');
    expect(ports).toHaveLength(6);
    for (const port of ports) {
      const inside = `http://127.0.0.1:${port}`;
      const readiness = await (await fetch(`${inside}/readyz`)).json();
      expect(readiness).toMatchObject({ status: 'ready', checks: {} });
      expect(await (await fetch(`${inside}/metrics`)).text()).toContain(
        'http_server_request_duration',
      );
    }
  });
});
