import { describe, expect, it } from '@jest/globals';

const origin = (): string => new URL(process.env['E2E_GRAPH_URL'] ?? '').origin;

const page = (url: string) => fetch(url, { headers: { accept: 'text/html' } });

/** Where a page would load something from, other than itself. */
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
    expect((await page(`${rest}/docs`)).status).toBe(200);
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
  it('tells that it is alive, ready, and how it does', async () => {
    const subgraphs = (process.env['E2E_SUBGRAPH_PORTS'] ?? '').split(',');
    const origins = [
      origin(),
      process.env['E2E_REST_URL'],
      ...subgraphs.map((port) => `http://127.0.0.1:${port}`),
    ];
    expect(origins).toHaveLength(6);
    for (const each of origins) {
      expect((await fetch(`${each}/healthz`)).status).toBe(200);
      expect((await fetch(`${each}/readyz`)).status).toBe(200);
      expect(await (await fetch(`${each}/metrics`)).text()).toContain(
        'http_server_request_duration',
      );
    }
  });
});
