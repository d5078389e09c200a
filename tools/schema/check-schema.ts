import { readFile } from 'node:fs/promises';
import path from 'node:path';
import codegen from '../../codegen.ts';
import { composeSupergraph } from '../compose/compose-supergraph.ts';
import { readFromFolder } from '../compose/read-from-folder.ts';
import { readSubgraphs } from '../compose/read-subgraphs.ts';
import { findChanges } from './changes/find-changes.ts';
import { lintSchema } from './lint/lint-schema.ts';
import { countFetches, type Fetches } from './operations/count-fetches.ts';
import { judgeOperations } from './operations/judge-operations.ts';
import { readEmbeddedOperations } from './operations/read-embedded-operations.ts';
import { readOperationFiles, readOperationSets } from './operations/read-operation-files.ts';
import { readGraphOfMain } from './read-graph.ts';
import { makeReport, type Report } from './report/make-report.ts';
import { readAccepted } from './report/read-accepted.ts';

/** What the gateway fetches for each operation, as it is committed. */
export const FETCHES_FILE = 'apps/router/fetches.json';

/** Counts the fetches of the operations of this repository over the graph as it is now. */
export const readFetches = async (root: string): Promise<Fetches> => {
  const { supergraphSdl } = composeSupergraph(
    await readSubgraphs(readFromFolder(root), process.env),
  );
  return countFetches(
    supergraphSdl,
    readOperationFiles(root, readOperationSets(codegen.generates)),
  );
};

/**
 * Checks the graph of a workspace: its conventions, its composition, what changed since main and which
 * operations that concerns, and what they fetch.
 * @throws Error when the subgraphs do not compose
 */
export const checkSchema = async (root: string): Promise<Report> => {
  const read = readFromFolder(root);
  const source = await readSubgraphs(read, process.env);
  const { supergraphSdl, apiSdl, publicSdl, hints } = composeSupergraph(source);
  const now = { apiSdl, publicSdl, subgraphs: source.subgraphs };
  const files = readOperationFiles(root, readOperationSets(codegen.generates));
  const operations = [...files, ...readEmbeddedOperations(root)];
  const before = await readGraphOfMain(root);
  const found = before && (await findChanges(before, now));
  const { changes, broken } = judgeOperations(operations, before, now, found ?? []);
  const committed = await readFile(path.join(root, FETCHES_FILE), 'utf8').catch(() => '{}');
  // Operations that are not valid have no plan; they are reported as such.
  const canPlan = broken.length === 0;
  return makeReport(
    {
      faults: source.subgraphs.flatMap(({ file, sdl }) =>
        lintSchema(sdl, apiSdl).map((fault) => ({ ...fault, file: file ?? 'supergraph.yaml' })),
      ),
      hints,
      changes: found === null ? null : changes,
      broken,
      fetches: canPlan
        ? { committed: JSON.parse(committed) as Fetches, now: countFetches(supergraphSdl, files) }
        : { committed: {}, now: {} },
      counts: { subgraphs: source.subgraphs.length, operations: operations.length },
    },
    readAccepted((await read('CHANGELOG.md')) ?? ''),
  );
};
