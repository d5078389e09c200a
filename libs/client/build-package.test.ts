import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackage } from './build-package.ts';

/** An application of a front-end team: what it does with each member is up to it. */
const APPLICATION = `
import { makeShopClient, match, ShopClientError, type ProductDetailsFragment } from '@cartograph/client';

const shop = makeShopClient({ url: 'http://127.0.0.1:1/graphql', name: 'app', limits: { maxRetries: 0 } });

export const buy = async ({ id }: ProductDetailsFragment): Promise<string> => {
  const result = await shop.payOrder({ orderId: id });
  return match(result, {
    Order: ({ number }) => number,
    OrderNotFoundProblem: ({ message }) => message,
    OrderNotPendingProblem: ({ order }) => order.status,
    PaymentDeclinedProblem: ({ reason }) => reason,
    IdempotencyConflictProblem: ({ code }) => code,
    RequestInFlightProblem: ({ retryAfterSeconds }) => String(retryAfterSeconds),
    ValidationFailedProblem: ({ fields }) => fields.map(({ path }) => path).join(),
  });
};

const failure = await shop.product({ sku: 'LAMP' }).catch((error: unknown) => error);
console.log(failure instanceof ShopClientError && failure.code);
`;

/** A test of such an application: the shop is replaced, not the client. */
const JEST_TEST = `
import { makeShopClient } from '@cartograph/client';

test('shows the name of a product', async () => {
  const answer = { data: { product: { sku: 'LAMP', name: 'Lamp' } } };
  globalThis.fetch = async () => Response.json(answer);
  const shop = makeShopClient({ url: 'http://shop.test/graphql', name: 'app' });
  expect(await shop.product({ sku: 'LAMP' })).toMatchObject({ name: 'Lamp' });
});
`;

const SETTINGS = {
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023', 'dom'],
    types: [],
  },
  files: ['app.ts'],
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cartograph-client-'));
  const tarball = buildPackage(path.join(folder, 'made'));
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(SETTINGS));
  const words = ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball];
  execFileSync('npm', words, { cwd: folder, stdio: 'pipe' });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Compiles the application of the folder. @returns the errors of the compiler */
const compile = (text: string): string => {
  writeFileSync(path.join(folder, 'app.ts'), text);
  const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
  const compiler = path.join(path.dirname(typescript), 'bin', 'tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '--project', '.'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return stdout;
};

describe('the package of the client', () => {
  it('is installed in an empty project without a registry, and brings no other package', () => {
    const packages = readdirSync(path.join(folder, 'node_modules')).filter(
      (name) => !name.startsWith('.'),
    );
    expect(packages).toEqual(['@cartograph']);
    const names = readdirSync(path.join(folder, 'node_modules', '@cartograph', 'client'));
    expect(names.sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist',
      'package.json',
      'persisted-operations.json',
    ]);
  });

  it('compiles in a strict project, and runs', () => {
    expect(compile(APPLICATION)).toBe('');
    const printed = execFileSync(process.execPath, ['app.js'], { cwd: folder, encoding: 'utf8' });
    expect(printed).toBe('NETWORK\n');
  });

  it('works in the tests of a front end that uses Jest', () => {
    writeFileSync(path.join(folder, 'app.test.js'), JEST_TEST);
    const jest = path.join(
      path.dirname(createRequire(import.meta.url).resolve('jest/package.json')),
      'bin',
      'jest.js',
    );
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--experimental-vm-modules', jest, '--rootDir', folder],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(stderr).toContain('Tests:       1 passed, 1 total');
    expect(status).toBe(0);
  });

  it('does not compile where a problem is left out', () => {
    const errors = compile(APPLICATION.replace(/^.*PaymentDeclinedProblem.*$/m, ''));
    expect(errors).toContain('PaymentDeclinedProblem');
  });
});
