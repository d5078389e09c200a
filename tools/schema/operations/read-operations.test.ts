import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { print } from 'graphql';
import { readEmbeddedOperations } from './read-embedded-operations.ts';
import { readOperationFiles, readOperationSets } from './read-operation-files.ts';

const FILES: Readonly<Record<string, string>> = {
  'apps/rest/operations/a.graphql': 'query A { lamp { ...Face } }\nquery B { lamp { id } }',
  'apps/rest/operations/face.graphql': 'fragment Face on Lamp { name }',
  'apps/order/src/clients/stock.graphql': 'query Stock { held }',
  'e2e/stories/story.e2e.ts': `
    const FACE = 'id name';
    const PAGE = \`query Page { lamps { \${FACE} } }\`;
    const notGraphql = '{"query": 1}';
    const alsoNot = ['{ neither', 'query string for a search'];
    graph(\`{ lamp(id: "\${made.id}") { name } }\`);
    graph('mutation Buy { order { id } }');
  `,
  'apps/router/src/explorers.ts': `export const FIRST = \`# Lamps.
# Two comments.
query Lamps {
  lamps { id }
}

query Me { me { id } }
\`;`,
  'README.md': 'Run it:\n\n```graphql\n{\n  me { id }\n}\n```\n\n```json\n{ "a": 1 }\n```\n',
};

let root: string;

beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'operations-'));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
});

afterAll(() => rmSync(root, { recursive: true }));

describe('the operations of a workspace', () => {
  it('are those in files, for the schema with which codegen.ts pairs them', () => {
    const sets = readOperationSets({
      'apps/user/src/generated/resolvers.ts': { schema: 'apps/user/schema.graphql', plugins: [] },
      'apps/rest/src/generated/operations.ts': {
        schema: 'apps/router/api.graphql',
        documents: 'apps/rest/operations/*.graphql',
      },
      'apps/order/src/generated/stock.ts': {
        schema: 'apps/product/schema.graphql',
        documents: ['apps/order/src/clients/stock.graphql'],
      },
    });
    const found = readOperationFiles(root, sets);
    expect(found.map(({ name, place, subgraph }) => [name, place, subgraph])).toEqual([
      ['A', 'apps/rest/operations/a.graphql', null],
      ['B', 'apps/rest/operations/a.graphql', null],
      ['Stock', 'apps/order/src/clients/stock.graphql', 'product'],
    ]);
    // Each has the fragments that it spreads, and no others.
    expect(found.map(({ document }) => document.definitions.length)).toEqual([2, 1, 1]);
  });

  it('are those in code and documents, with the texts of constants', () => {
    const found = readEmbeddedOperations(root);
    expect(found.map(({ name, place }) => `${name} ${place}`).toSorted()).toEqual([
      'Buy e2e/stories/story.e2e.ts:7',
      'Lamps apps/router/src/explorers.ts:3',
      'Me apps/router/src/explorers.ts:7',
      'Page e2e/stories/story.e2e.ts:3',
      'anonymous README.md:4',
      'anonymous e2e/stories/story.e2e.ts:6',
    ]);
    const page = found.find(({ name }) => name === 'Page');
    expect(page && print(page.document)).toContain('name');
  });
});

describe('the operations of this workspace', () => {
  const here = path.resolve(import.meta.dirname, '..', '..', '..');

  it('include those of stories, measurements and the README', () => {
    const places = readEmbeddedOperations(here).map(({ place }) => place.replace(/:\d+$/, ''));
    for (const file of [
      'README.md',
      'e2e/stories/purchase.e2e.ts',
      'e2e/bench/shop/operations.ts',
    ]) {
      expect(places).toContain(file);
    }
  });
});
