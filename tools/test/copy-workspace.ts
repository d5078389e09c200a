import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..', '..');

/** A copy of this workspace for a test to change. */
export type WorkspaceCopy = {
  readonly folder: string;
  /** Runs git in it, and returns what it prints. */
  readonly git: (...args: readonly string[]) => string;
  readonly remove: () => void;
};

/** Settings of the machine must not reach the repository of a test, nor start its hooks. */
const GIT_SETTINGS = ['user.name=test', 'user.email=test@example.com', 'commit.gpgsign=false'];

/**
 * Copies all files that git knows or would add into a repository of one commit, on the branch `main`.
 * Packages are links to the installed ones, the libraries of the workspace links to the copy's own.
 */
export const copyWorkspace = (): WorkspaceCopy => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cartograph-copy-'));
  const runGit = (cwd: string, args: readonly string[]): string =>
    execFileSync('git', args, { cwd, encoding: 'utf8' });

  const listed = runGit(root, ['ls-files', '--cached', '--others', '--exclude-standard', '-z']);
  for (const file of listed.split('\0')) {
    const source = path.join(root, file);
    if (file !== '' && existsSync(source)) cpSync(source, path.join(folder, file));
  }
  linkPackages(folder);

  const git = (...args: readonly string[]): string =>
    runGit(folder, [...GIT_SETTINGS.flatMap((setting) => ['-c', setting]), ...args]);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--no-verify', '--message=copy');
  return { folder, git, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** Links a copy's packages to the installed ones, and its libraries to its own. */
export const linkPackages = (folder: string): void => {
  const installed = path.join(root, 'node_modules');
  const packages = path.join(folder, 'node_modules');
  mkdirSync(path.join(packages, '@cartograph'), { recursive: true });
  for (const entry of readdirSync(installed)) {
    if (entry === '@cartograph') continue;
    symlinkSync(path.join(installed, entry), path.join(packages, entry));
  }
  for (const library of globSync('libs/*', { cwd: folder })) {
    symlinkSync(
      path.join(folder, library),
      path.join(packages, '@cartograph', path.basename(library)),
    );
  }
};
