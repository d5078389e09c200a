import { spawnSync } from 'node:child_process';
import { cpSync, globSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyWorkspace, type WorkspaceCopy } from '../test/copy-workspace.ts';

const NAME = 'delivery';

let workspace: WorkspaceCopy;

beforeAll(() => {
  workspace = copyWorkspace();
  // What the checkout has generated already need not be generated again.
  for (const folder of globSync('apps/*/src/db/generated')) {
    cpSync(folder, path.join(workspace.folder, folder), { recursive: true });
  }
});

afterAll(() => workspace.remove());

/** Runs a command of the copy, on this process's own version of Node. */
const run = (command: string) => {
  const bin = path.join(workspace.folder, 'node_modules', '.bin');
  const [program = '', ...args] = command.split(' ');
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: workspace.folder,
    encoding: 'utf8',
    env: {
      HOME: process.env['HOME'],
      PATH: [bin, path.dirname(process.execPath), process.env['PATH']].join(path.delimiter),
    },
  });
  return { status, stdout, stderr };
};

const expectSuccess = (command: string): void => {
  const { status, stdout, stderr } = run(command);
  if (status !== 0) throw new Error(`${command} ended with ${status}:\n${stdout}\n${stderr}`);
};

const create = (name: string) => run(`node tools/new-subgraph/main.ts ${name}`);

describe('a name that can not be used', () => {
  it.each([
    ['Review', 'lowercase letters'],
    ['gift-card', 'lowercase letters'],
    ['../escape', 'lowercase letters'],
    ['class', 'reserved'],
    ['order', 'another project'],
    ['events', 'another project'],
    ['refund', 'the type Refund'],
  ])('is refused with exit code 2 and a sentence, and nothing is written: %s', (name, reason) => {
    const { status, stdout, stderr } = create(name);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^"${name.replaceAll('.', '\\.')}" .*${reason}.*\\.\\n$`));
    expect(workspace.git('status', '--porcelain')).toBe('');
  });
});

describe('a new subgraph', () => {
  beforeAll(() => {
    const { status, stdout, stderr } = create(NAME);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('npm run generate');
    expectSuccess('npm run --silent generate');
  });

  it('changes nothing but its own folders and the files that list subgraphs', () => {
    const changed = workspace.git('status', '--porcelain', '--untracked-files=normal').split('\n');
    expect(changed.filter((line) => line !== '').map((line) => line.slice(3))).toEqual([
      '.env.example',
      '.github/workflows/schema.yml',
      'apps/router/api.graphql',
      'apps/router/public.graphql',
      'apps/router/supergraph.graphql',
      'codegen.ts',
      'docs/operations/configuration.md',
      'docs/operations/retention.md',
      'e2e/graph-clients/generated/possible-types.ts',
      'libs/auth/src/caller.ts',
      'supergraph.yaml',
      'tools/image/read-secret-files.ts',
      `apps/${NAME}/`,
      `docker/grafana/dashboards/${NAME}.json`,
      `prisma/${NAME}/`,
    ]);
  });

  it('is formatted, linted, and has the types that it needs', () => {
    const listed = workspace.git('ls-files', '--modified', '--others', '--exclude-standard');
    const files = listed.split('\n').filter((file) => /\.(?:ts|md|yaml|json|graphql)$/.test(file));
    expectSuccess(`prettier --check ${files.join(' ')}`);
    // The rest of the workspace takes long, and is not changed.
    writeFileSync(
      path.join(workspace.folder, 'tsconfig.json'),
      JSON.stringify({ extends: './tsconfig.base.json', include: [`apps/${NAME}`] }),
    );
    expectSuccess('tsc');
    expectSuccess(`eslint apps/${NAME}`);
  });

  it('has migrations that lead to its Prisma schema', () => {
    expectSuccess(`node tools/migrate/main.ts check ${NAME}`);
  });

  it('passes its own tests, and those of contracts, documents and variables of all subgraphs', () => {
    expectSuccess(
      `node tools/test/main.ts apps/${NAME} tools/start/environment tools/start/settings ` +
        ['contracts', 'env-example', 'list-sizes', 'production-defaults', 'retention']
          .map((name) => `tools/check/${name}`)
          .join(' '),
    );
  });
});
