import { describe, expect, it } from '@jest/globals';
import { CommandFailure } from './command-failure.ts';
import { run as runCheck } from './run-check.ts';
import { run as runExport } from './run-export.ts';
import { run as runGenerate } from './run-generate.ts';
import { run as runImport } from './run-import.ts';

const COMMANDS = {
  import: runImport,
  export: runExport,
  generate: runGenerate,
  check: runCheck,
} as const;

type Name = keyof typeof COMMANDS;

/** How a command ends that must not come as far as its database. */
const fail = async (name: Name, args: readonly string[]): Promise<CommandFailure> => {
  const error = await COMMANDS[name](args).then(
    () => new Error('it ran'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CommandFailure)) throw error;
  return error;
};

const FILE = 'package.json';

const MISUSES: readonly (readonly [Name, ...string[]])[] = [
  ['import'],
  ['import', FILE, 'b.json'],
  ['import', FILE, '--nonsense'],
  ['import', FILE, '--batch', '0'],
  ['import', FILE, '--batch', '1e3'],
  ['import', FILE, '--batch', '10001'],
  ['import', FILE, '--batch', 'abc'],
  ['import', FILE, '--batch', ''],
  ['import', FILE, '--map', 'weight=weight'],
  ['import', FILE, '--map', 'sku'],
  ['import', FILE, '--map', 'sku=a', '--map', 'sku=b'],
  ['import', FILE, '--map', 'sku=a', '--map', 'name=a'],
  ['import', FILE, '--format', 'xml'],
  ['import', FILE, '--rejects', `./${FILE}`],
  ['import', FILE, '--rejects', ''],
  ['import', FILE, '--currency', 'ERU'],
  ['import', FILE, '--currency', 'XXX'],
  ['import', FILE, '--currency', ''],
  ['import', FILE, '--set-stock=1'],
  ['generate'],
  ['generate', '5', '6'],
  ['generate', '0'],
  ['generate', 'abc'],
  ['generate', '1e3'],
  ['generate', '1.5'],
  ['generate', '100000001'],
  ['generate', '5', '--seed', 'x'],
  ['generate', '5', '--seed', '2147483648'],
  ['generate', '5', '--nonsense'],
  ['export'],
  ['export', 'a.csv', 'b.csv'],
  ['export', 'x.xlsx'],
  ['export', 'x.csv', '--format', 'xml'],
  ['export', 'x.csv', '--nonsense'],
  ['check', 'x'],
  ['check', '--nonsense'],
];

describe('a command of the catalogue', () => {
  it.each(MISUSES)(
    'is misused as %s %s %s %s: it says so, how it is called, and 2',
    async (...words) => {
      const [name, ...args] = words;
      const { exitCode, message } = await fail(name, args);
      expect({ exitCode, message }).toEqual({
        exitCode: 2,
        message: expect.stringContaining(`Usage: npm run catalogue:${name}`),
      });
    },
  );

  it.each([
    ['import', 'absent.json', "absent.json can't be read: there is no such file."],
    ['import', '/nope/x.csv', "/nope/x.csv can't be read: there is no such file."],
    ['import', 'libs', 'libs is a folder.'],
    ['import', `${FILE}/x.csv`, `${FILE}/x.csv can't be read: there is no such folder.`],
    ['export', '/nope/x.csv', "/nope/x.csv can't be written: there is no such folder."],
    ['export', `${FILE}/x.csv`, `${FILE}/x.csv can't be written: there is no such folder.`],
    ['export', '.', ". can't be written: it is a folder."],
  ] as const)('can not %s %s, and says why', async (name, file, sentence) => {
    const url = process.env['PRODUCT_DATABASE_URL'];
    process.env['PRODUCT_DATABASE_URL'] = 'postgres://shop:word@127.0.0.1:1/shop';
    try {
      const { exitCode, message } = await fail(name, [file]);
      expect({ exitCode, message }).toEqual({
        exitCode: 2,
        message: expect.stringContaining(sentence),
      });
    } finally {
      if (url === undefined) delete process.env['PRODUCT_DATABASE_URL'];
      else process.env['PRODUCT_DATABASE_URL'] = url;
    }
  });

  it.each(Object.keys(COMMANDS) as Name[])(
    '%s prints how it is called when asked',
    async (name) => {
      for (const words of [['--help'], ['-h'], ['a.csv', '--nonsense', '--help']]) {
        const { exitCode, message } = await fail(name, words);
        expect(exitCode).toBe(0);
        expect(message).toMatch(new RegExp(`^Usage: npm run catalogue:${name}`));
      }
    },
  );
});
