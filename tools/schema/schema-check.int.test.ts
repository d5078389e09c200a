import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyWorkspace, type WorkspaceCopy } from '../test/copy-workspace.ts';

let workspace: WorkspaceCopy;

beforeAll(() => {
  workspace = copyWorkspace();
  workspace.git('checkout', '--quiet', '-b', 'change');
});

afterAll(() => workspace.remove());

const fileOf = (name: string) => path.join(workspace.folder, name);

const edit = (name: string, from: string, to: string): void => {
  const text = readFileSync(fileOf(name), 'utf8');
  if (!text.includes(from)) throw new Error(`${name} does not contain ${from}`);
  writeFileSync(
    fileOf(name),
    text.replace(from, () => to),
  );
};

const check = () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['tools/schema/main.ts', 'check', '--markdown', 'report.md'],
    {
      cwd: workspace.folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], GITHUB_STEP_SUMMARY: fileOf('summary.md') },
    },
  );
  return { status, stdout, stderr };
};

it('removing Product.imageUrl fails, and names the operations that break', () => {
  edit(
    'apps/product/schema.graphql',
    '  "The address of the first of its `images`; null when it has none."\n  imageUrl: String\n',
    '',
  );
  // An entry does not help those in this repository.
  edit(
    'CHANGELOG.md',
    '### Changed\n',
    '### Changed\n\n- `Product.imageUrl` is removed: a test.\n',
  );
  workspace.git('commit', '--quiet', '--no-verify', '--all', '--message=remove');
  const { status, stdout, stderr } = check();
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  const [about = ''] = stdout.split('\nsafe');
  expect(about).toContain('breaking   Product.imageUrl: Field `imageUrl` was removed');
  expect(about).toMatch(/breaks \d+: .*GetProduct \(apps\/rest\/operations\/products\.graphql\)/);
  expect(about).toMatch(/breaks \d+: .*Page \(e2e\/bench\/shop\/operations\.ts:\d+\)/);
  expect(about).toContain('explained: a test.');
  expect(about).toMatch(
    /not valid +ListProducts .*Cannot query field "imageUrl" on type "Product"/,
  );
  expect(readFileSync(fileOf('report.md'), 'utf8')).toMatch(
    /^## Schema: fails[^]*`Product\.imageUrl`/,
  );
  expect(readFileSync(fileOf('summary.md'), 'utf8')).toBe(
    readFileSync(fileOf('report.md'), 'utf8'),
  );
});

it('refuses a shallow clone that ends before main: nothing would be compared', () => {
  // A clone of depth 1 has no other branch, and no commit before its own.
  workspace.git('branch', '--quiet', '-D', 'main');
  writeFileSync(fileOf('.git/shallow'), workspace.git('rev-parse', 'HEAD'));
  const { status, stdout, stderr } = check();
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^This clone is shallow and does not contain main.*git fetch --unshallow/);
});
