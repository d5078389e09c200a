import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CommandFailure, EXIT } from '@cartograph/command';
import { readFromMain } from '../api/base-document.ts';
import { readSubgraphs } from '../compose/read-subgraphs.ts';
import type { Graph } from './changes/find-changes.ts';

const run = promisify(execFile);

/** What clients see, as it is committed. */
export const API_FILE = 'apps/router/api.graphql';

const isShallow = async (root: string): Promise<boolean> =>
  run('git', ['rev-parse', '--is-shallow-repository'], { cwd: root }).then(
    ({ stdout }) => stdout.trim() === 'true',
    () => false,
  );

/**
 * Reads the graph of main: what this branch left, or the commit before on main itself.
 * @returns null when there is none: no git, no history, or no graph there
 * @throws CommandFailure in a shallow clone that ends before it: a check that compares nothing would pass
 */
export const readGraphOfMain = async (root: string): Promise<Graph | null> => {
  const read = (file: string) => readFromMain(root, file);
  const apiSdl = await read(API_FILE);
  if (apiSdl !== null) {
    const { subgraphs } = await readSubgraphs(read, process.env);
    return { apiSdl, subgraphs };
  }
  if (await isShallow(root)) {
    throw new CommandFailure(
      EXIT.failed,
      'This clone is shallow and does not contain main, so that nothing can be compared with it. ' +
        'Fetch its history: git fetch --unshallow, or fetch-depth: 0 in a workflow.',
    );
  }
  return null;
};
