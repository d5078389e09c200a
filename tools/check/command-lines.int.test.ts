import { beforeAll, describe, expect, it } from 'vitest';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The words that a command needs before its options, the options that are numbers, and values that
 * are invalid in place of the last word. A number option that `--help` shows as `<n>` (or `<rows>`, `<seed>`) and that is
 * missing here fails a test.
 */
type Row = {
  readonly words?: readonly string[];
  readonly numbers?: readonly string[];
  readonly invalid?: readonly string[];
};

const COMMANDS: Readonly<Record<string, readonly Row[]>> = {
  start: [{}, { words: ['--observe'] }],
  check: [{}],
  compose: [{}],
  configuration: [{}],
  openapi: [{}],
  'api:check': [{}],
  schema: [{}],
  'schema:check': [{}],
  dashboards: [{}],
  manifests: [{}],
  'client:pack': [{}],
  'generate:prisma': [{}],
  migrate: [
    { words: ['deploy', 'order'], invalid: ['shop'] },
    { words: ['check', 'order'], invalid: ['shop'] },
    { words: ['new', 'order', 'add_x'], invalid: ['AddX', 'add-x', 'add__x', '2fa', '_x'] },
  ],
  keys: [
    { words: ['publish'] },
    { words: ['sign'], numbers: ['--wait'] },
    { words: ['retire'], numbers: ['--wait'] },
    { words: ['remove', 'a-key'] },
    { words: ['status'], numbers: ['--wait'] },
  ],
  'new:subgraph': [{ words: ['review'] }],
  flag: [{ words: ['payment.slow=2s'], invalid: ['payment.slow=2', 'shop.fail=on', 'on'] }],
  jobs: [{ words: ['list'] }, { words: ['retry'] }],
  'release:notes': [{ words: ['v1.2.3'], invalid: ['1.2.3', 'v1.2', 'v1.2.3-rc.1', 'Unreleased'] }],
  backup: [
    { words: ['dump', 'folder'] },
    { words: ['restore', 'folder'] },
    { words: ['check'], numbers: ['--grace'] },
    { words: ['repair'], numbers: ['--grace'] },
    { words: ['snapshot', 'folder'] },
  ],
  prove: [
    { words: ['refresh-race'], numbers: ['--rounds', '--width'] },
    { words: ['login-timing'], numbers: ['--tries'] },
    { words: ['oversell'], numbers: ['--rounds', '--buyers', '--units', '--seed'] },
    { words: ['pay-once'], numbers: ['--rounds', '--width', '--seed'] },
    { words: ['crash'], numbers: ['--every', '--worlds', '--seed'] },
    { words: ['provider-faults'], numbers: ['--orders', '--seed'] },
    { words: ['model'], numbers: ['--runs', '--seed'] },
    { words: ['rest'], numbers: ['--requests', '--seed'] },
    { words: ['attacks'], numbers: ['--times'] },
    { words: ['faults'], numbers: ['--seconds', '--rate'] },
    { words: ['release'] },
    { words: ['containers'] },
    { words: ['kube-play'] },
    { words: ['replicas'], numbers: ['--times', '--rate'] },
  ],
  bench: [
    { words: ['catalogue'], numbers: ['--small', '--large', '--rounds'] },
    { words: ['orders'], numbers: ['--rounds'] },
    { words: ['storage'], numbers: ['--orders', '--clients'] },
    { words: ['growth'], numbers: ['--small', '--large', '--rounds'] },
    { words: ['memory'], numbers: ['--clients', '--seconds'] },
    { words: ['overload'], numbers: ['--clients', '--seconds'] },
    { words: ['refusals'], numbers: ['--clients', '--seconds'] },
    { words: ['telemetry'], numbers: ['--clients', '--seconds', '--rounds'] },
    {
      words: ['shop'],
      numbers: ['--clients', '--seconds', '--operations', '--warm-up', '--settle'],
    },
  ],
  'docker:up': [{ words: ['--router', 'apollo'], invalid: ['nginx'] }],
  'docker:down': [{}],
  'docker:logs': [{}],
  'kubernetes:render': [{}],
  'kubernetes:secrets': [{}],
  e2e: [{ words: ['--url', 'http://127.0.0.1:1'], invalid: ['shop', 'ftp://127.0.0.1'] }],
  seed: [{}],
  'user:grant': [{ words: ['a@example.com', 'ADMIN'] }],
  'catalogue:import': [{ words: ['products.csv'], numbers: ['--batch'] }],
  'catalogue:export': [{ words: ['products.csv'] }],
  'catalogue:generate': [{ words: ['10'], numbers: ['--seed'] }],
  'catalogue:check': [{}],
};

/** Scripts whose command line is another program's. */
const OTHERS = ['test', 'format', 'codegen'];

const root = path.resolve(import.meta.dirname, '..', '..');
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

type End = { readonly code: number; readonly out: string; readonly err: string };

const runner = path.join(import.meta.dirname, 'test', 'run-command-lines.ts');

/** Runs a file in a process of its own, and returns how it ended. */
const execute = (words: readonly string[]): Promise<End> => {
  const { promise, resolve } = Promise.withResolvers<End>();
  execFile(process.execPath, words, { cwd: root }, (error, out, err) => {
    resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err });
  });
  return promise;
};

/** The subcommands that a help lists. */
const subcommandsOf = (help: string): string[] =>
  [...(help.split(/^Commands:$/m)[1] ?? '').matchAll(/^ {2}([\w-]+)/gm)].map(
    ([, name = '']) => name,
  );

/** Runs a script as npm does, once with each of these lists of words after it. */
const run = async (script: string, lists: readonly (readonly string[])[]): Promise<End[]> => {
  const [, file = '', ...before] = (scripts[script] ?? '').split(' && ').at(-1)?.split(' ') ?? [];
  if (readFileSync(path.join(root, file), 'utf8').includes('import.meta.main')) {
    return Promise.all(lists.map((list) => execute([file, ...before, ...list])));
  }
  const words = JSON.stringify(lists.map((list) => [...before, ...list]));
  const { out, err } = await execute([runner, file, words]);
  return out ? (JSON.parse(out) as End[]) : [{ code: -1, out, err }];
};

it('knows every script that takes a command line of its own', () => {
  const own = Object.entries(scripts)
    .filter(([name, text]) => !name.startsWith('pre') && /(?:^|&& )node /.test(text))
    .map(([name]) => name);
  expect([...Object.keys(COMMANDS), ...OTHERS].toSorted()).toEqual(
    expect.arrayContaining(own.toSorted()),
  );
});

describe.each(Object.entries(COMMANDS))('npm run %s', (script, rows) => {
  /** The invalid command lines, and the word that each must report. */
  const attempts = rows.flatMap(({ words = [], numbers = [], invalid = [] }) => [
    { words: [...words, '--no-such-option'], reported: '--no-such-option' },
    ...numbers.map((option) => ({ words: [...words, option, 'abc'], reported: option })),
    ...invalid.map((word) => ({ words: [...words.slice(0, -1), word], reported: word })),
  ]);
  let ends: readonly End[] = [];
  beforeAll(async () => {
    const help = rows.map(({ words = [] }) => [...words, '--help']);
    ends = await run(script, [...attempts.map(({ words }) => words), ...help, ['--help']]);
  });

  it('has a row here for each of its subcommands', () => {
    const { code, out = '' } = ends.at(-1) ?? {};
    expect(code).toBe(0);
    const subcommands = subcommandsOf(out);
    if (out.includes('[command]')) expect(subcommands).not.toEqual([]);
    const tried = subcommands.length > 0 ? rows.map(({ words = [] }) => words[0]) : [];
    expect([...new Set(tried)].toSorted()).toEqual(subcommands.toSorted());
  });

  it('rejects unknown options and invalid values with exit code 2 and its usage', () => {
    for (const [index, { words, reported }] of attempts.entries()) {
      const { code = -1, out = '', err = '' } = ends[index] ?? {};
      expect({ words, code, out }).toEqual({ words, code: 2, out: '' });
      expect(err).toContain(reported);
      expect(err).toMatch(/^usage: /im);
      expect(err).not.toMatch(/^ +at .*:\d+:\d+\)?$/m);
    }
  });

  it('prints its help and exits with 0; all its numbers are tried here', () => {
    for (const [index, { words = [], numbers = [] }] of rows.entries()) {
      const { code = -1, out = '', err = '' } = ends[attempts.length + index] ?? {};
      expect({ words, code, err }).toEqual({ words, code: 0, err: '' });
      expect(out).toMatch(/^usage: /im);
      const shown = [...out.matchAll(/(--[\w-]+) (?:<n>|<rows>|<seed>|<number>|SECONDS|\d+)/g)].map(
        ([, name]) => name,
      );
      if (out.includes('[options]')) expect([...numbers].toSorted()).toEqual(shown.toSorted());
    }
  });
});
