/**
 * `npm test`: Jest, with what it needs made first. Arguments go to Jest: `npm test -- apps/order`,
 * `npm test -- --selectProjects unit`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureGenerated } from '../generate/prisma.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

// Ctrl-C reaches Jest too, which ends: so does this.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});

await ensureGenerated();
const child = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    jest,
    ...process.argv.slice(2),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_ENV: 'test',
      APOLLO_TELEMETRY_DISABLED: '1',
      // For the processes that tests start: half of what a short one costs is compiling its modules.
      NODE_COMPILE_CACHE: path.join(root, '.cartograph', 'compile-cache'),
    },
  },
);
const [code] = (await once(child, 'exit')) as [number | null];
process.exitCode = code ?? 1;
