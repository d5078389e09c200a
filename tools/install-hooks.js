/**
 * Makes git use the hooks in .githooks, unless this is CI, there is no git, or the person has hooks.
 * npm runs it after an installation, with the machine's own Node: hence plain JavaScript.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' });

function hasOwnHooks() {
  // Exit code 1 means that it is not set; any other failure is no reason to change anything.
  if (git('config', '--get', 'core.hooksPath').status !== 1) return true;
  const { status, stdout } = git('rev-parse', '--git-path', 'hooks');
  if (status !== 0) return true;
  const folder = path.resolve(root, stdout.trim());
  const hooks = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  return hooks.some((name) => !name.endsWith('.sample'));
}

if (!process.env.CI && fs.existsSync(path.join(root, '.git')) && !hasOwnHooks()) {
  git('config', '--local', 'core.hooksPath', '.githooks');
}
