import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import path from 'node:path';
import { ensureGenerated } from '../generate/prisma.ts';
import { runChild } from './run-child.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');

/**
 * Runs Vitest in a process of its own, with what it needs made first. Signals end it, not this process,
 * which may have something to do afterwards. What its tests keep in temporary folders is in one that is
 * removed here: Vitest does not tear down what it has set up when a signal ends it.
 * @returns the exit code of Vitest; 128 and its number for a signal
 */
export const runTests = async (
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<number> => {
  const folder = makeTemporaryFolder();
  try {
    return await runChild(ensureGenerated, () =>
      spawn(process.execPath, [vitest, 'run', ...words], {
        cwd: root,
        stdio: 'inherit',
        env: {
          ...process.env,
          NODE_ENV: 'test',
          APOLLO_TELEMETRY_DISABLED: '1',
          // For the processes that tests start: half of what a short one costs is compiling its modules.
          NODE_COMPILE_CACHE: path.join(root, '.cartograph', 'compile-cache'),
          TMPDIR: folder,
          // What a person has set, such as databases, is not for tests.
          CARTOGRAPH_ENV_FILE: devNull,
          PGSSLMODE: 'disable',
          ...environment,
        },
      }),
    );
  } finally {
    await removeTemporaryFolder(folder);
  }
};
