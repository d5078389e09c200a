import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CommandFailure, EXIT } from '@cartograph/command';

const run = promisify(execFile);

/** A document of 200 operations has a few megabytes. */
const MAX_BYTES = 50_000_000;

/** The main branch: of the repository that this one was cloned from, or its own. */
const MAIN = ['origin/main', 'main'];

type Git = (...args: readonly string[]) => Promise<string | null>;

/** @returns null when git has no such thing, or there is no git */
const makeGit =
  (folder: string): Git =>
  async (...args) => {
    const options = { cwd: folder, maxBuffer: MAX_BYTES };
    return run('git', args, options).then(
      ({ stdout }) => stdout,
      () => null,
    );
  };

/**
 * The commit to compare with: where this branch left main, or the commit before on main itself, which
 * may be ahead of its origin.
 */
const findBase = async (git: Git): Promise<string | null> => {
  const head = await git('rev-parse', 'HEAD');
  for (const branch of MAIN) {
    const base = await git('merge-base', 'HEAD', branch);
    if (base !== null) return base === head ? git('rev-parse', '--verify', 'HEAD^') : base;
  }
  return null;
};

const refuseShallow = async (git: Git): Promise<void> => {
  if ((await git('rev-parse', '--is-shallow-repository'))?.trim() !== 'true') return;
  throw new CommandFailure(
    EXIT.failed,
    'This clone is shallow and does not contain main, so that nothing can be compared with it. ' +
      'Fetch its history: git fetch --unshallow, or fetch-depth: 0 in a workflow.',
  );
};

/**
 * Reads a file as it is on main: as this branch left it or, on main itself, one commit before.
 * @returns null when there is nothing to compare with: no git, no history, or no such file there
 * @throws CommandFailure in a shallow clone that ends before it: a check that compares nothing would pass
 */
export const readFromMain = async (folder: string, file: string): Promise<string | null> => {
  const git = makeGit(folder);
  const base = await findBase(git);
  if (base !== null) return git('show', `${base.trim()}:${file}`);
  await refuseShallow(git);
  return null;
};
