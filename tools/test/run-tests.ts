import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { ensureGenerated } from '../generate/prisma.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');

/**
 * Runs Vitest in a process of its own, with what it needs made first. Ctrl-C ends it, not this process,
 * which may have something to do afterwards.
 * @returns the exit code of Vitest, 1 when it was killed
 */
export const runTests = async (
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<number> => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
  await ensureGenerated();
  const child = spawn(process.execPath, [vitest, 'run', ...words], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_ENV: 'test',
      APOLLO_TELEMETRY_DISABLED: '1',
      // For the processes that tests start: half of what a short one costs is compiling its modules.
      NODE_COMPILE_CACHE: path.join(root, '.cartograph', 'compile-cache'),
      ...environment,
    },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
};
