import path from 'node:path';
import { readGiven } from '../start/environment.ts';
import { developmentKeysFile } from '../start/signing-keys.ts';
import { stateDirOf } from '../start/settings.ts';
import { runCommand } from './run-command.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

// With a listener a signal waits until the file is changed and its lock is given back.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const env = readGiven(root, process.env);
process.exitCode = runCommand(process.argv.slice(2), {
  env,
  developmentFile: developmentKeysFile(stateDirOf(env, root)),
  now: () => new Date(),
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
});
