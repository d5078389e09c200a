/**
 * `npm run openapi` writes apps/rest/openapi.json, the OpenAPI document of the REST API, from its
 * routes. `npm run api:check` fails when the committed one is stale.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, makeProgram, runProgram } from '@cartograph/command';
import { DOCUMENT, makeDocument, ROOT } from './make-document.ts';

const file = path.join(ROOT, DOCUMENT);

const write = async (): Promise<void> => writeFile(file, await makeDocument());

const check = async (): Promise<void> => {
  const made = await makeDocument();
  if ((await readFile(file, 'utf8').catch(() => '')) === made) return;
  console.error(`${DOCUMENT} is stale: run \`npm run openapi\` and commit it.`);
  process.exitCode = EXIT.failed;
};

const program = makeProgram('node tools/api/main.ts', 'The OpenAPI document of the REST API.');
program.command('write').description('writes it from the routes').action(write);
program
  .command('check')
  .description('writes nothing, and fails where the committed one is stale')
  .action(check);

process.exitCode = await runProgram(program, process.argv.slice(2));
