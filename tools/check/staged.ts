/**
 * The pre-commit hook: Prettier and ESLint on the staged files, as they are staged. Rules that need
 * types are left to `npm run check`: loading them would take longer than all the rest.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ESLint } from 'eslint';
import * as prettier from 'prettier';
import tseslint from 'typescript-eslint';

const LINTED = /\.[cm]?[jt]s$/;

const git = (args: readonly string[], input?: string): string =>
  execFileSync('git', args, { encoding: 'utf8', ...(input !== undefined && { input }) });

/** The staged text of each file that was added or changed. Links and submodules have none. */
const readStaged = (): ReadonlyMap<string, string> => {
  const changed = git(['diff', '--cached', '--name-only', '--diff-filter=ACMR', '-z']);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cartograph-staged-'));
  try {
    git(['checkout-index', '-z', '--stdin', `--prefix=${folder}/`], changed);
    const files = changed.split('\0').filter((file) => file !== '');
    return new Map(files.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const isFormatted = async (file: string, text: string): Promise<boolean> => {
  const { ignored, inferredParser } = await prettier.getFileInfo(file, {
    ignorePath: '.prettierignore',
  });
  if (ignored || !inferredParser) return true;
  const options = await prettier.resolveConfig(file, { editorconfig: true });
  // Text that can't be parsed is not formatted either.
  return prettier.check(text, { ...options, filepath: file }).catch(() => false);
};

const eslint = new ESLint({
  overrideConfig: {
    ...tseslint.configs.disableTypeChecked,
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: false } },
  },
});

const lint = async (file: string, text: string): Promise<ESLint.LintResult[]> =>
  LINTED.test(file) && !(await eslint.isPathIgnored(file))
    ? eslint.lintText(text, { filePath: file })
    : [];

const staged = [...readStaged()];
const unformatted: string[] = [];
const linted: ESLint.LintResult[] = [];
for (const [file, text] of staged) {
  if (!(await isFormatted(file, text))) unformatted.push(file);
  linted.push(...(await lint(file, text)));
}

const errors = ESLint.getErrorResults(linted);
if (errors.length > 0) {
  console.error(await (await eslint.loadFormatter('stylish')).format(errors));
}
if (unformatted.length > 0) {
  console.error(
    `Not formatted: ${unformatted.join(', ')}. Run \`npm run format\` and stage the result.`,
  );
}
process.exitCode = errors.length + unformatted.length > 0 ? 1 : 0;
