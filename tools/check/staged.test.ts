import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { copyWorkspace, type WorkspaceCopy } from '../test/copy-workspace.ts';

const FILE = 'tools/check/example.ts';
const FORMATTED = 'export const example = 1;\n';
const UNFORMATTED = 'export const   example = 1\n';

let workspace: WorkspaceCopy;

beforeAll(() => {
  workspace = copyWorkspace();
});

afterAll(() => workspace.remove());

const write = (text: string): void => writeFileSync(path.join(workspace.folder, FILE), text);

const stage = (text: string): void => {
  write(text);
  workspace.git('add', FILE);
};

const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: workspace.folder,
  GIT_CONFIG_NOSYSTEM: '1',
});

describe('the pre-commit hook', () => {
  afterEach(() => void workspace.git('reset', '--quiet', '--hard', 'main'));

  const commit = () =>
    spawnSync('git', ['commit', '--quiet', '--message=example'], {
      cwd: workspace.folder,
      encoding: 'utf8',
      env: {
        ...environment(),
        GIT_AUTHOR_NAME: 'test',
        GIT_AUTHOR_EMAIL: 'test@example.com',
        GIT_COMMITTER_NAME: 'test',
        GIT_COMMITTER_EMAIL: 'test@example.com',
      },
    });

  beforeAll(() => {
    workspace.git('config', 'core.hooksPath', '.githooks');
    workspace.git('checkout', '--quiet', '-b', 'work');
  });

  it('refuses a staged file that is not formatted, and names it', () => {
    stage(UNFORMATTED);
    const { status, stderr } = commit();
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(FILE) });
  });

  it('refuses a staged file that breaks a lint rule', () => {
    stage('export const example = (one: number) => one == 1;\n');
    const { status, stderr } = commit();
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('eqeqeq') });
  });

  it('judges a partially staged file by what is staged', () => {
    stage(FORMATTED);
    write(UNFORMATTED);
    expect(commit()).toMatchObject({ status: 0, stderr: '' });

    stage(UNFORMATTED);
    write(FORMATTED);
    expect(commit().status).toBe(1);
  });

  it('accepts a deleted file, and a file without a formatter', () => {
    workspace.git('rm', '--quiet', 'LICENSE');
    mkdirSync(path.join(workspace.folder, 'docs', 'images'), { recursive: true });
    writeFileSync(path.join(workspace.folder, 'docs', 'images', 'one.bin'), 'x  =1');
    workspace.git('add', '--all');
    expect(commit()).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('an installation', () => {
  const hooksPath = (): string =>
    workspace.git('config', '--default', '', '--get', 'core.hooksPath').trim();

  const install = (variables: NodeJS.ProcessEnv = {}, cwd = workspace.folder) =>
    spawnSync(process.execPath, [path.join(cwd, 'tools', 'install-hooks.js')], {
      encoding: 'utf8',
      env: { ...environment(), ...variables },
    });

  beforeAll(() => void workspace.git('config', '--unset', 'core.hooksPath'));

  it('leaves git alone in CI, and where the person has hooks', () => {
    install({ CI: 'true' });
    expect(hooksPath()).toBe('');

    const hook = path.join(workspace.folder, '.git', 'hooks', 'pre-push');
    mkdirSync(path.dirname(hook), { recursive: true });
    writeFileSync(hook, '#!/bin/sh\n');
    install();
    expect(hooksPath()).toBe('');
    rmSync(hook);
  });

  it('makes git use the hooks of the workspace, and overrules no other choice', () => {
    install();
    expect(hooksPath()).toBe('.githooks');
    workspace.git('config', 'core.hooksPath', '/elsewhere');
    install();
    expect(hooksPath()).toBe('/elsewhere');
  });

  it('succeeds where there is no git', () => {
    rmSync(path.join(workspace.folder, '.git'), { recursive: true });
    expect(install()).toMatchObject({ status: 0, stderr: '' });
  });
});
