/**
 * `npm run jobs -- list|retry [SERVICE]`: runs the command of one service, or of all of them, on its
 * jobs and rows that failed for too long.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { EXIT, makeProgram, runProgram } from '@cartograph/command';
import { Argument } from 'commander';

const SERVICES = ['product', 'order', 'payment'];

const root = path.resolve(import.meta.dirname, '..', '..');

/** @returns the exit code; all that the command prints is printed */
const runCommand = (service: string, verb: string): number => {
  const command = path.join(root, 'apps', service, 'src', 'commands', 'jobs.ts');
  const { status } = spawnSync(process.execPath, [command, verb], { stdio: 'inherit' });
  return status ?? EXIT.failed;
};

const program = makeProgram('npm run jobs --', 'Dead-lettered jobs and dead rows.');

const addVerb = (verb: string, description: string): void => {
  program
    .command(verb)
    .description(description)
    .addArgument(new Argument('[service]', 'all of them, if not given').choices(SERVICES))
    .action((service: string | undefined) => {
      for (const name of service === undefined ? SERVICES : [service]) {
        process.exitCode = runCommand(name, verb);
        if (process.exitCode !== EXIT.done) return;
      }
    });
};

addVerb('list', 'shows them, and why they failed');
addVerb('retry', 'lets the service try all of them again');

process.exitCode = await runProgram(program, process.argv.slice(2));
