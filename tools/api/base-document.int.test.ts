import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFromMain } from './base-document.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'cartograph-base-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const git = (...args: readonly string[]): void => {
  execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
    cwd: folder,
    stdio: 'ignore',
  });
};

const commit = (text: string): void => {
  writeFileSync(path.join(folder, 'openapi.json'), text);
  git('add', '.');
  git('commit', '--quiet', '--no-verify', '--message', text);
};

const read = () => readFromMain(folder, 'openapi.json');

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
  expect(await readFromMain(folder, 'nothing.json')).toBeNull();
});
