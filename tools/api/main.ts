/**
 * `npm run openapi` writes apps/rest/openapi.json, the OpenAPI document of the REST API, from its
 * routes. `npm run api:check` fails when the committed one is stale, breaks a rule of Redocly or of
 * Spectral, describes an error that is not a problem, or would break a client of the one on main.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, makeProgram, runProgram } from '@cartograph/command';
import { ACCEPTED_CHANGES } from './accepted-changes.ts';
import { readFromMain } from './base-document.ts';
import { findBreakingChanges, type Contract } from './find-breaking-changes.ts';
import { findPlainErrors } from './find-plain-errors.ts';
import { findSpectralFaults } from './find-spectral-faults.ts';
import { lintDocument } from './lint-document.ts';
import { DOCUMENT, makeDocument, ROOT } from './make-document.ts';

const file = path.join(ROOT, DOCUMENT);

const write = async (): Promise<void> => writeFile(file, await makeDocument());

const parse = (text: string): Contract => JSON.parse(text) as Contract;

const compareWithMain = async (document: Contract): Promise<readonly string[]> => {
  const before = await readFromMain(ROOT, DOCUMENT);
  if (before === null) {
    console.log(`There is no ${DOCUMENT} on main to compare with.`);
    return [];
  }
  return findBreakingChanges(parse(before), document)
    .filter((change) => !Object.hasOwn(ACCEPTED_CHANGES, change))
    .map((change) => `breaks clients: ${change}`);
};

const check = async (): Promise<void> => {
  const committed = await readFile(file, 'utf8').catch(() => '{"paths":{}}');
  const document = parse(committed);
  const isStale = committed !== (await makeDocument());
  const faults = [
    ...(isStale ? ['is stale: run `npm run openapi` and commit it'] : []),
    ...findPlainErrors(document),
    ...(await lintDocument(ROOT, file)),
    ...(await findSpectralFaults(committed)),
    ...(await compareWithMain(document)),
  ];
  for (const fault of faults) console.error(`${DOCUMENT} ${fault}`);
  if (faults.length > 0) process.exitCode = EXIT.failed;
};

const program = makeProgram('node tools/api/main.ts', 'The OpenAPI document of the REST API.');
program.command('write').description('writes it from the routes').action(write);
program
  .command('check')
  .description(
    'writes nothing, and fails where the committed one is stale, wrong or breaks clients',
  )
  .action(check);

process.exitCode = await runProgram(program, process.argv.slice(2));
