/**
 * `npm run check`: everything that is not a test. All checks run, as many concurrently as there are
 * cores, also after a failure; the last line counts them. `npm run check -- lint types` runs two.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { EXIT, makeProgram, runProgram } from '@cartograph/command';
import { Argument } from 'commander';
import { ensureGenerated } from '../generate/prisma.ts';
import { CHECKS } from './checks.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** Runs a command, and prints what it said once it is over: several run at once. */
const run = async (command: readonly string[]): Promise<boolean> => {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => void said.push(part));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  process.stdout.write(Buffer.concat(said));
  return code === 0;
};

const runChecks = async (wanted: readonly string[]): Promise<void> => {
  await ensureGenerated();
  let failed = 0;
  const chosen = CHECKS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const left = [...chosen];
  const runInTurn = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const { name, command } = next;
      const begun = performance.now();
      const passed = await run(command);
      if (!passed) failed += 1;
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      console.log(`${passed ? 'ok  ' : 'FAIL'} ${name} (${seconds} s): ${command.join(' ')}`);
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, runInTurn));
  console.log(`${chosen.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? EXIT.failed : EXIT.done;
};

const names = new Argument('[checks...]', 'all of them, if not given');
const program = makeProgram('npm run check --', 'Runs everything that is not a test.')
  .addArgument(names.choices(CHECKS.map(({ name }) => name)))
  .action(runChecks);

process.exitCode = await runProgram(program, process.argv.slice(2));
