import { describe, expect, it } from 'vitest';

const graphOrigin = (): string => new URL(process.env['E2E_GRAPH_URL'] ?? '').origin;
const restUrl = (): string => process.env['E2E_REST_URL'] ?? '';

describe('the REST API', () => {
  it('offers its documentation, and OpenAPI that names every route', async () => {
    const docs = await fetch(`${restUrl()}/`, { headers: { accept: 'text/html' } });
    expect([docs.status, new URL(docs.url).pathname]).toEqual([200, '/docs']);
    expect(await docs.text()).toContain('<title>Cartograph REST API</title>');
    const openapi = (await (await fetch(`${restUrl()}/openapi.json`)).json()) as {
      openapi: string;
      paths: object;
    };
    expect(openapi.openapi).toMatch(/^3\./);
    expect(Object.keys(openapi.paths)).toEqual(
      expect.arrayContaining(['/v1/auth/register', '/v1/products', '/v1/orders/{id}/pay']),
    );
  });
});

describe('a public address', () => {
  it('reports that it is alive and ready, and no details', async () => {
    for (const each of [graphOrigin(), restUrl()]) {
      expect((await fetch(`${each}/healthz`)).status).toBe(200);
      const ready = await fetch(`${each}/readyz`);
      expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
      expect((await fetch(`${each}/metrics`)).status).toBe(404);
    }
  });
});
