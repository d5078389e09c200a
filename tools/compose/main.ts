/**
 * `npm run compose` writes what is composed from the subgraphs; with `-- --check` it only compares.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { CommandFailure, EXIT, makeProgram, runProgram } from '@cartograph/command';
import { composeSupergraph } from './compose-supergraph.ts';

const root = new URL('../../', import.meta.url);

const compose = async ({ check }: { check: boolean }): Promise<void> => {
  const { supergraphSdl, apiSdl, hints } = await composeSupergraph(root);
  if (hints.length > 0) {
    console.error(`Composition has hints, and each is a contradiction:\n${hints.join('\n')}`);
    process.exitCode = EXIT.failed;
  }
  for (const [file, text] of [
    ['apps/router/supergraph.graphql', supergraphSdl],
    ['apps/router/api.graphql', apiSdl],
  ] as const) {
    if (!check) {
      await writeFile(new URL(file, root), text);
    } else if ((await readFile(new URL(file, root), 'utf8')) !== text) {
      console.error(`${file} is stale: run \`npm run compose\` and commit it.`);
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
