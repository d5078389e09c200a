import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The words that a command needs before its options, and the options that are numbers. A number
 * option that `--help` shows as `<n>` and that is missing here fails a test.
 */
type Row = { readonly words?: readonly string[]; readonly numbers?: readonly string[] };

const COMMANDS: Readonly<Record<string, readonly Row[]>> = {
  start: [{}],
  check: [{}],
  compose: [{}],
  'generate:prisma': [{}],
  migrate: [{ words: ['deploy'] }, { words: ['check'] }, { words: ['new', 'order', 'add_x'] }],
  keys: [
    { words: ['publish'] },
    { words: ['sign'], numbers: ['--wait'] },
    { words: ['retire'], numbers: ['--wait'] },
    { words: ['remove', 'a-key'] },
    { words: ['status'], numbers: ['--wait'] },
  ],
  'new:subgraph': [{ words: ['review'] }],
  jobs: [{ words: ['list'] }, { words: ['retry'] }],
  prove: [
    { words: ['refresh-race'], numbers: ['--rounds', '--width'] },
    { words: ['login-timing'], numbers: ['--tries'] },
    { words: ['oversell'], numbers: ['--rounds', '--buyers', '--units', '--seed'] },
    { words: ['pay-once'], numbers: ['--rounds', '--width', '--seed'] },
    { words: ['crash'], numbers: ['--every', '--worlds', '--seed'] },
    { words: ['provider-faults'], numbers: ['--orders', '--seed'] },
    { words: ['model'], numbers: ['--runs', '--seed'] },
  ],
  bench: [
    { words: ['catalogue'], numbers: ['--small', '--large', '--rounds'] },
    { words: ['orders'], numbers: ['--rounds'] },
  ],
  'user:grant': [{ words: ['a@example.com', 'ADMIN'] }],
  'catalogue:import': [{ words: ['products.csv'], numbers: ['--batch'] }],
  'catalogue:export': [{ words: ['products.csv'] }],
  'catalogue:generate': [{ words: ['10'], numbers: ['--seed'] }],
  'catalogue:check': [{}],
};

/** Scripts whose command line is another program's. */
const NOT_OURS = ['test', 'format', 'codegen'];

const root = path.resolve(import.meta.dirname, '..', '..');
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

type End = { readonly code: number; readonly out: string; readonly err: string };

/** Runs a script as npm does, with these words after it. */
const run = (script: string, words: readonly string[]): Promise<End> => {
  const [, ...command] = (scripts[script] ?? '').split(' && ').at(-1)?.split(' ') ?? [];
  const { promise, resolve } = Promise.withResolvers<End>();
  execFile(process.execPath, [...command, ...words], { cwd: root }, (error, out, err) => {
    resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err });
  });
  return promise;
};

const rows = Object.entries(COMMANDS).flatMap(([script, list]) =>
  list.map(({ words = [], numbers = [] }) => ({
    name: [script, ...words].join(' '),
    script,
    words,
    numbers,
  })),
);

it('knows every script that takes a command line of ours', () => {
  const ours = Object.entries(scripts)
    .filter(([name, text]) => !name.startsWith('pre') && /(?:^|&& )node /.test(text))
    .map(([name]) => name);
  expect([...Object.keys(COMMANDS), ...NOT_OURS].toSorted()).toEqual(
    expect.arrayContaining(ours.toSorted()),
  );
});

describe.each(rows)('npm run $name', ({ script, words, numbers }) => {
  it('refuses an option that it does not know, with exit code 2 and its usage', async () => {
    const { code, out, err } = await run(script, [...words, '--no-such-option']);
    expect(err).toContain('--no-such-option');
    expect(err).toMatch(/^usage: /im);
    expect(err).not.toMatch(/^ +at .*:\d+:\d+\)?$/m);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  for (const option of numbers) {
    it(`refuses a ${option} that is no number, with exit code 2`, async () => {
      const { code, out, err } = await run(script, [...words, option, 'abc']);
      expect(err).toContain(option);
      expect(err).toMatch(/^usage: /im);
      expect({ code, out }).toEqual({ code: 2, out: '' });
    });
  }

  it('prints its help and exits 0; all its numbers are tried here', async () => {
    const { code, out, err } = await run(script, [...words, '--help']);
    expect(out).toMatch(/^usage: /im);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const shown = [...out.matchAll(/(--[\w-]+) (?:<n>|SECONDS|\d+)/g)].map(([, name]) => name);
    if (out.includes('[options]')) expect([...numbers].toSorted()).toEqual(shown.toSorted());
  });
});
