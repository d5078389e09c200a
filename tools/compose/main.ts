/**
 * `npm run compose` writes what is composed from the subgraphs; with `-- --check` it only compares.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { composeSupergraph } from './compose-supergraph.ts';

const root = new URL('../../', import.meta.url);

const { check } = parseArgs({ options: { check: { type: 'boolean' } } }).values;
try {
  const { supergraphSdl, apiSdl, hints } = await composeSupergraph(root);
  if (hints.length > 0) {
    console.error(`Composition has hints, and each is a contradiction:\n${hints.join('\n')}`);
    process.exitCode = 1;
  }
  for (const [file, text] of [
    ['apps/router/supergraph.graphql', supergraphSdl],
    ['apps/router/api.graphql', apiSdl],
  ] as const) {
    if (!check) {
      await writeFile(new URL(file, root), text);
    } else if ((await readFile(new URL(file, root), 'utf8')) !== text) {
      console.error(`${file} is stale: run \`npm run compose\` and commit it.`);
      process.exitCode = 1;
    }
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
