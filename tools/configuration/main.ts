/**
 * `npm run configuration` writes docs/operations/configuration.md, the table of all variables; with
 * `-- --check` it only compares.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, makeProgram, runProgram } from '@cartograph/command';
import { format, resolveConfig } from 'prettier';
import { collectVariables } from './collect-variables.ts';
import { loadApps } from './load-apps.ts';
import { readExample } from './read-example.ts';
import { PAGE, renderPage } from './render-page.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const file = path.join(root, PAGE);

const makePage = async (): Promise<string> => {
  const example = readExample(await readFile(path.join(root, '.env.example'), 'utf8'));
  const page = renderPage(example, collectVariables(await loadApps()));
  return format(page, { ...(await resolveConfig(file)), filepath: file });
};

const run = async ({ check }: { check: boolean }): Promise<void> => {
  const page = await makePage();
  if (!check) {
    await writeFile(file, page);
  } else if ((await readFile(file, 'utf8').catch(() => '')) !== page) {
    console.error(`${PAGE} is stale: run \`npm run configuration\` and commit it.`);
    process.exitCode = EXIT.failed;
  }
};

const program = makeProgram('npm run configuration --', 'Writes the table of all variables.')
  .option('--check', 'writes nothing, and fails where the committed page is stale', false)
  .action(run);

process.exitCode = await runProgram(program, process.argv.slice(2));
