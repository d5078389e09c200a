import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runProgram } from '@cartograph/command';
import { makeCatalogueProgram } from './catalogue-program.ts';

type Name = 'import' | 'export' | 'generate' | 'check';

let printed = { out: '', err: '' };

beforeEach(() => {
  printed = { out: '', err: '' };
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
});

/** Runs a command that must end before it needs its database. */
const run = async (...words: readonly string[]) => {
  const exitCode = await runProgram(makeCatalogueProgram(), words);
  return { exitCode, ...printed };
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
  ['import', FILE, '--map', 'sku=a b', '--map', 'name=A_B'],
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
    'explains a command line that is not valid, and ends with 2: %s %s %s %s',
    async (...words) => {
      expect(await run(...words)).toEqual({
        exitCode: 2,
        out: '',
        err: expect.stringMatching(
          new RegExp(`^error: [^]*\\n\\nUsage: npm run catalogue:${words[0]} -- `),
        ),
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
  ] as const)('explains why it can not %s %s', async (name, file, sentence) => {
    const url = process.env['PRODUCT_DATABASE_URL'];
    process.env['PRODUCT_DATABASE_URL'] = 'postgres://shop:word@127.0.0.1:1/shop';
    try {
      expect(await run(name, file)).toEqual({ exitCode: 2, out: '', err: `${sentence}\n` });
    } finally {
      if (url === undefined) delete process.env['PRODUCT_DATABASE_URL'];
      else process.env['PRODUCT_DATABASE_URL'] = url;
    }
  });

  it.each(['import', 'export', 'generate', 'check'] satisfies Name[])(
    '%s prints its help on request',
    async (name) => {
      for (const words of [['--help'], ['-h'], ['a.csv', '--nonsense', '--help']]) {
        printed = { out: '', err: '' };
        expect(await run(name, ...words)).toEqual({
          exitCode: 0,
          out: expect.stringMatching(new RegExp(`^Usage: npm run catalogue:${name} -- `)),
          err: '',
        });
      }
    },
  );
});
