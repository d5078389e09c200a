import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '@cartograph/config';
import { CommandFailure, EXIT } from './command-failure.ts';
import { wholeNumber } from './option-values.ts';
import { makeProgram, runProgram } from './program.ts';

let printed = { out: '', err: '' };
const ran = vi.fn<(rounds: number) => void>();

const makeExample = () => {
  const program = makeProgram('npm run example --', 'Shows what a command does.');
  program
    .command('work')
    .option('--rounds <n>', 'rounds', wholeNumber(1, 9), 3)
    .action(({ rounds }: { rounds: number }) => ran(rounds));
  return program;
};

const run = (...words: string[]) => runProgram(makeExample(), words);

beforeEach(() => {
  printed = { out: '', err: '' };
  ran.mockReset();
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed.err += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

describe('a command', () => {
  it('runs its action with the options as values', async () => {
    expect(await run('work', '--rounds', '7')).toBe(EXIT.done);
    expect(await run('work')).toBe(EXIT.done);
    expect(ran.mock.calls).toEqual([[7], [3]]);
  });

  it.each([
    ['an unknown option', ['work', '--nope'], "unknown option '--nope'"],
    ['an unknown subcommand', ['nope'], "unknown command 'nope'"],
    ['a word too many', ['work', 'nope'], 'too many arguments'],
    ['an option without its value', ['work', '--rounds'], 'argument missing'],
    ['a number that is none', ['work', '--rounds', 'abc'], 'It must be a whole number from 1 to 9'],
    ['no subcommand', [], 'Usage: npm run example --'],
  ])('does nothing for %s, and exits 2 with its usage', async (_name, words, sentence) => {
    expect(await run(...words)).toBe(EXIT.usage);
    expect(printed.err).toContain(sentence);
    expect(printed.err).toContain('Usage: ');
    expect(ran).not.toHaveBeenCalled();
  });

  it('prints its help on standard output and exits 0', async () => {
    expect(await run('--help')).toBe(EXIT.done);
    expect(await run('work', '--help')).toBe(EXIT.done);
    expect(printed.out).toContain('--rounds <n>');
    expect(ran).not.toHaveBeenCalled();
  });

  it('explains a mistake of the operator in one sentence', async () => {
    ran.mockImplementation(() => {
      throw new CommandFailure(EXIT.failed, 'The database can not be reached.');
    });
    expect(await run('work')).toBe(EXIT.failed);
    expect(printed.err).toBe('The database can not be reached.\n');
  });

  it('exits 1 for a configuration that is not valid', async () => {
    ran.mockImplementation(() => {
      throw new ConfigError(['DATABASE_URL: is not set']);
    });
    expect(await run('work')).toBe(EXIT.failed);
    expect(printed.err).toContain('DATABASE_URL: is not set');
  });

  it('returns the exit code that its action set', async () => {
    ran.mockImplementation(() => {
      process.exitCode = EXIT.failed;
    });
    expect(await run('work')).toBe(EXIT.failed);
  });

  it('rejects with the error of a bug', async () => {
    ran.mockImplementation(() => {
      throw new TypeError('a bug');
    });
    await expect(run('work')).rejects.toThrow('a bug');
  });
});
