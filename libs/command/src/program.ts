import { ConfigError } from '@cartograph/config';
import { Command, CommanderError } from 'commander';
import { CommandFailure, EXIT } from './command-failure.ts';

export type { Command };

/**
 * Makes a command that knows its options, refuses all others and has `--help`. Subcommands made
 * with its `command()` are the same.
 * @param name as a person types it: `npm run prove --`
 */
export const makeProgram = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .exitOverride()
    .showHelpAfterError()
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true });

/** Commander's own errors are about the command line, but for `--help`, which ends with 0. */
const exitCodeOf = (error: CommanderError): number =>
  error.exitCode === 0 ? EXIT.done : EXIT.usage;

/**
 * Runs a program on the words after its file's name. A command line that is not understood is
 * explained on standard error; an operator's mistake is one sentence there, without a stack trace.
 * @returns the exit code; an action that did its work sets `process.exitCode` where it is not 0
 * @throws what is a bug
 */
export const runProgram = async (program: Command, words: readonly string[]): Promise<number> => {
  try {
    await program.parseAsync(words, { from: 'user' });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    if (error instanceof CommanderError) return exitCodeOf(error);
    if (error instanceof CommandFailure || error instanceof ConfigError) {
      process.stderr.write(`${error.message}\n`);
      return error instanceof CommandFailure ? error.exitCode : EXIT.failed;
    }
    throw error;
  }
};
