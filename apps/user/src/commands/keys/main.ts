import { readGiven, stateDirOf } from '@cartograph/command';
import { developmentKeysFile } from './key-file.ts';
import { runCommand } from './run-command.ts';

// With a listener a signal waits until the file is changed and its lock is given back.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const env = readGiven(process.env);
process.exitCode = runCommand(process.argv.slice(2), {
  env,
  developmentFile: developmentKeysFile(stateDirOf(env)),
  now: () => new Date(),
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
});
