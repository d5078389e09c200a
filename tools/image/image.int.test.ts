import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyFiles } from './copy-files.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** Bytes of an image's own files; Node and its base system come on top. */
const MAX_BYTES = 80_000_000;

let folder = '';
let files: readonly string[] = [];

/** Runs the entry point of an image from the copied files alone, as a container would. */
const run = (args: readonly string[], env: Record<string, string> = {}) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', 'tools/image/entrypoint.ts', ...args],
    { cwd: folder, encoding: 'utf8', env: { CARTOGRAPH_APP: 'product', ...env } },
  );
  return { status, stdout, stderr };
};

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-image-'));
  // In a process of its own, as the command runs it.
  const script = `
    import { traceFiles } from ${JSON.stringify(path.join(import.meta.dirname, 'trace-files.ts'))};
    process.stdout.write((await traceFiles('product')).join('\\n'));`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script],
    { cwd: root, encoding: 'utf8', maxBuffer: 64_000_000 },
  );
  if (status !== 0) throw new Error(stderr);
  files = stdout.split('\n');
  return copyFiles(files, root, folder);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('the files of an image', () => {
  it('are those of the app and the packages that it imports, and no test', () => {
    expect(files).toContain('apps/product/src/main.ts');
    expect(files).toContain('apps/product/schema.graphql');
    expect(files).toContain('node_modules/@prisma/client/package.json');
    expect(files.some((file) => file.startsWith('prisma/order/migrations/'))).toBe(true);
    expect(files.filter((file) => /^(?:apps|libs)\/.*(?:\.test\.ts$|\/test\/)/.test(file))).toEqual(
      [],
    );
    expect(files.filter((file) => /^apps\/(?!product\/)/.test(file))).toEqual([]);
    for (const name of ['typescript', 'vitest', 'prisma', 'nx', 'node']) {
      expect(files.filter((file) => file.startsWith(`node_modules/${name}/`))).toEqual([]);
    }
  });

  it('have the licence of every package', () => {
    expect(files).toContain('LICENSE');
    expect(files).toContain('node_modules/fastify/LICENSE');
  });

  it('are small, and have the same permissions and times on every machine', () => {
    const stats = files.map((file) => fs.lstatSync(path.join(folder, file)));
    expect(stats.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(MAX_BYTES);
    expect(new Set(stats.map(({ mtimeMs }) => mtimeMs))).toEqual(new Set([0]));
    const modes = stats.filter((entry) => entry.isFile()).map(({ mode }) => mode & 0o777);
    expect(new Set(modes)).toEqual(new Set([0o644]));
  });
});

describe('the entry point of an image', () => {
  it('runs the app, which names what its configuration lacks', () => {
    const { status, stderr } = run([]);
    expect(stderr).toContain('PRODUCT_DATABASE_URL: is not set');
    expect(status).toBe(78);
  });

  it('runs a command with its arguments', () => {
    const help = run(['catalogue', 'import', '--help']);
    expect([help.status, help.stdout.includes('--set-stock')]).toEqual([0, true]);
    const migrate = run(['migrate', 'product'], {
      PRODUCT_DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c',
    });
    expect([migrate.status, migrate.stderr]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
  });

  it('refuses a command that the image does not have, and names those that it has', () => {
    const { status, stderr } = run(['grant', 'ada@example.com', 'ADMIN']);
    expect([status, stderr]).toEqual([
      2,
      'The image of product has no command grant; it has migrate, healthcheck, catalogue, jobs.\n',
    ]);
  });

  it('reads secrets from files, and reports those that it cannot read', () => {
    const { status, stderr } = run([], { ORDER_SECRET_FILE: '/nowhere' });
    expect([status, stderr]).toEqual([
      78,
      "The configuration is not valid:\n  ORDER_SECRET_FILE: can't be read (ENOENT)\n",
    ]);
  });

  it('reports a process that does not answer as unhealthy', () => {
    const { status, stderr } = run(['healthcheck'], { METRICS_PORT: '1' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
  });
});
