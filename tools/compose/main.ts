/**
 * `npm run compose` writes what is composed from the subgraphs; with `-- --check` it only compares.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandFailure, EXIT, makeProgram, runProgram } from '@cartograph/command';
import { composeSupergraph } from './compose-supergraph.ts';
import { readSubgraphs } from './read-subgraphs.ts';
import { readFromFolder } from './read-from-folder.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

const compose = async ({ check }: { check: boolean }): Promise<void> => {
  const source = await readSubgraphs(readFromFolder(root), process.env);
  const { supergraphSdl, apiSdl, publicSdl, hints } = composeSupergraph(source);
  if (hints.length > 0) {
    console.error(`Composition has hints, and each is a contradiction:\n${hints.join('\n')}`);
    process.exitCode = EXIT.failed;
  }
  for (const [name, text] of [
    ['apps/router/supergraph.graphql', supergraphSdl],
    ['apps/router/api.graphql', apiSdl],
    ['apps/router/public.graphql', publicSdl],
  ] as const) {
    const file = path.join(root, name);
    if (!check) {
      await writeFile(file, text);
    } else if ((await readFile(file, 'utf8')) !== text) {
      console.error(`${name} is stale: run \`npm run compose\` and commit it.`);
      process.exitCode = EXIT.failed;
    }
  }
};

const program = makeProgram('npm run compose --', 'Composes the supergraph from the subgraphs.')
  .option('--check', 'writes nothing, and fails where a committed file is stale', false)
  .action(async (options: { check: boolean }) => {
    try {
      await compose(options);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new CommandFailure(EXIT.failed, message, { cause });
    }
  });

process.exitCode = await runProgram(program, process.argv.slice(2));
