import { readFromMain } from '../api/base-document.ts';
import { readSubgraphs } from '../compose/read-subgraphs.ts';
import type { Graph } from './changes/find-changes.ts';

/** What clients see, as it is committed. */
const API_FILE = 'apps/router/api.graphql';

/** The public contract, as it is committed. */
const PUBLIC_FILE = 'apps/router/public.graphql';

/**
 * Reads the graph of main: what this branch left, or the commit before on main itself.
 * @returns null when there is none: no git, no history, or no graph there
 * @throws CommandFailure in a shallow clone that ends before it: a check that compares nothing would pass
 */
export const readGraphOfMain = async (root: string): Promise<Graph | null> => {
  const read = (file: string) => readFromMain(root, file);
  const apiSdl = await read(API_FILE);
  if (apiSdl === null) return null;
  const { subgraphs } = await readSubgraphs(read, process.env);
  return { apiSdl, publicSdl: await read(PUBLIC_FILE), subgraphs };
};
