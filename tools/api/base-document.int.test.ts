import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFromMain } from './base-document.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'cartograph-base-'));
  mkdirSync(path.join(folder, 'origin'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const git = (...args: readonly string[]): void => {
  execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
    cwd: path.join(folder, 'origin'),
    stdio: 'ignore',
  });
};

const commit = (text: string): void => {
  writeFileSync(path.join(folder, 'origin', 'openapi.json'), text);
  git('add', '.');
  git('commit', '--quiet', '--no-verify', '--message', text);
};

const read = (file = 'openapi.json', clone = 'origin') =>
  readFromMain(path.join(folder, clone), file);

it('is the file of main: where a branch left it, or one commit before on main itself', async () => {
  expect(await read()).toBeNull();
  git('init', '--quiet', '--initial-branch', 'main');
  commit('first');
  expect(await read()).toBeNull();
  commit('second');
  expect(await read()).toBe('first');
  git('checkout', '--quiet', '-b', 'change');
  commit('third');
  commit('fourth');
  expect(await read()).toBe('second');
  expect(await read('nothing.json')).toBeNull();
});

it('is refused in a shallow clone that ends before main: nothing would be compared', async () => {
  const clone = (name: string, depth: number, branch: string): void =>
    git(
      'clone',
      '--quiet',
      `--depth=${depth}`,
      `--branch=${branch}`,
      `file://${folder}/origin`,
      `../${name}`,
    );
  for (const branch of ['main', 'change']) {
    clone(branch, 1, branch);
    await expect(read('openapi.json', branch)).rejects.toThrow(
      /^This clone is shallow and does not contain main.*git fetch --unshallow/,
    );
  }
  clone('deeper', 2, 'main');
  expect(await read('openapi.json', 'deeper')).toBe('first');
  expect(await read('nothing.json', 'deeper')).toBeNull();
});
