import { execFileSync } from 'node:child_process';
import { appendFileSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyWorkspace, type WorkspaceCopy } from '../test/copy-workspace.ts';

let workspace: WorkspaceCopy;

beforeAll(() => {
  workspace = copyWorkspace();
});

afterAll(() => workspace.remove());

const runNx = (...args: readonly string[]): string =>
  execFileSync(process.execPath, ['node_modules/nx/dist/bin/nx.js', ...args], {
    cwd: workspace.folder,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      HOME: workspace.folder,
      CI: 'true',
      NX_DAEMON: 'false',
      NX_ISOLATE_PLUGINS: 'false',
      NX_WORKSPACE_ROOT_PATH: workspace.folder,
      NX_WORKSPACE_DATA_DIRECTORY: path.join(workspace.folder, '.nx', 'data'),
    },
  });

/** The projects that are affected by changes of these files. */
const findAffected = (...files: readonly string[]): string[] => {
  for (const file of files) appendFileSync(path.join(workspace.folder, file), '\n');
  const projects = JSON.parse(
    runNx('show', 'projects', '--affected', '--base', 'main', '--json'),
  ) as string[];
  workspace.git('checkout', '--quiet', '--', ...files);
  return projects.sort();
};

/** What tests the whole shop, or compares its documents and contracts with each other. */
const WHOLE_SHOP = ['check', 'e2e', 'proofs'];

describe('a change of', () => {
  it.each([
    [
      "a service's migration affects the service, not its peers",
      globSync('prisma/order/migrations/*_init/migration.sql'),
      ['order', 'tools'],
    ],
    [
      'a contract affects its subgraph and the processes that serve it to clients',
      ['apps/payment/schema.graphql'],
      ['payment', 'rest', 'router', 'tools'],
    ],
    [
      'a library affects what imports it, directly or not',
      ['libs/pagination/src/index.ts'],
      ['operation-limits', 'order', 'pagination', 'product', 'rest', 'router', 'subgraph'].concat([
        'payment',
        'tools',
        'user',
      ]),
    ],
    ['a document affects the checks alone', ['docs/errors.md'], []],
  ])('%s', (_what, files, affected) => {
    const shop = affected.length > 0 ? WHOLE_SHOP : ['check'];
    expect(findAffected(...files)).toEqual([...affected, ...shop].sort());
  });

  it('what all tests run on affects every project', () => {
    const all = JSON.parse(runNx('show', 'projects', '--json')) as string[];
    expect(findAffected('tools/postgres/server.ts')).toEqual(all.sort());
    const folders = globSync('{apps,libs}/*', { cwd: workspace.folder });
    expect(all).toEqual(expect.arrayContaining(folders.map((folder) => path.basename(folder))));
  });
});

it('names no file as an input that there is not', () => {
  const files = ['nx.json', ...globSync('{apps,libs,tools,e2e}/**/project.json')];
  const patterns = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/"\{workspaceRoot\}\/([^"]+)"/g)].map(
      ([, pattern = '']) => pattern,
    ),
  );
  expect(patterns.length).toBeGreaterThan(10);
  expect(patterns.filter((pattern) => globSync(pattern).length === 0)).toEqual([]);
});
