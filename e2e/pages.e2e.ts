import { describe, expect, it } from '@jest/globals';

const origin = (): string => new URL(process.env['E2E_GRAPH_URL'] ?? '').origin;

const page = (url: string) => fetch(url, { headers: { accept: 'text/html' } });

/** Elements that load something from another origin. */
const EXTERNAL_LOADS = /<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?(?:https?:)?\/\//i;

describe('the pages', () => {
  it('offer Apollo Sandbox at the address of the graph', async () => {
    const response = await page(`${origin()}/graphql`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('sandbox');
  });

  it('offer a GraphiQL that loads nothing from elsewhere', async () => {
    const response = await page(`${origin()}/graphiql`);
    const html = await response.text();
    expect(html).toContain('/graphql');
    expect(html).not.toMatch(EXTERNAL_LOADS);
  });

  it('offer the REST documentation, and OpenAPI that names every route', async () => {
    const rest = process.env['E2E_REST_URL'];
    const docs = await page(`${rest}/`);
    expect([docs.status, new URL(docs.url).pathname]).toEqual([200, '/docs']);
    expect(await docs.text()).toContain('<title>Cartograph REST API</title>');
    const openapi = (await (await fetch(`${rest}/openapi.json`)).json()) as {
      openapi: string;
      paths: object;
    };
    expect(openapi.openapi).toMatch(/^3\./);
    expect(Object.keys(openapi.paths)).toEqual(
      expect.arrayContaining(['/v1/auth/register', '/v1/products', '/v1/orders/{id}/pay']),
    );
  });
});

describe('every process', () => {
  const origins = (): string[] => [
    origin(),
    process.env['E2E_REST_URL'] ?? '',
    ...(process.env['E2E_SUBGRAPH_PORTS'] ?? '')
      .split(',')
      .map((port) => `http://127.0.0.1:${port}`),
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
