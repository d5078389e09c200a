/**
 * `npm run check`: everything that is not a test. All checks run, whatever fails; the last line
 * counts them. `npm run check -- lint types` runs those two.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { EXIT, makeProgram, runProgram } from '@cartograph/command';
import { Argument } from 'commander';
import { ensureGenerated } from '../generate/prisma.ts';
import { CHECKS } from './checks.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

const run = async (command: readonly string[]): Promise<boolean> => {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
};

const runChecks = async (wanted: readonly string[]): Promise<void> => {
  await ensureGenerated();
  let failed = 0;
  const chosen = CHECKS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  for (const { name, command } of chosen) {
    const begun = performance.now();
    const passed = await run(command);
    if (!passed) failed += 1;
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(`${passed ? 'ok  ' : 'FAIL'} ${name} (${seconds} s): ${command.join(' ')}`);
  }
  console.log(`${chosen.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? EXIT.failed : EXIT.done;
};

const names = new Argument('[checks...]', 'all of them, if not given');
const program = makeProgram('npm run check --', 'Runs everything that is not a test.')
  .addArgument(names.choices(CHECKS.map(({ name }) => name)))
  .action(runChecks);

process.exitCode = await runProgram(program, process.argv.slice(2));
