// Not for a remote shop: a shop in production has no explorers.
import { describe, expect, it } from 'vitest';

const page = (path: string) =>
  fetch(new URL(path, process.env['E2E_GRAPH_URL']), { headers: { accept: 'text/html' } });

/** Elements that load something from another origin. */
const EXTERNAL_LOADS = /<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?(?:https?:)?\/\//i;

describe('the explorers of the graph', () => {
  it('are Apollo Sandbox at its own address', async () => {
    const response = await page('/graphql');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('sandbox');
  });

  it('are a GraphiQL that loads nothing from elsewhere', async () => {
    const html = await (await page('/graphiql')).text();
    expect(html).toContain('/graphql');
    expect(html).not.toMatch(EXTERNAL_LOADS);
  });
});
