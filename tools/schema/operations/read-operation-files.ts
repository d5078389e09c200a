import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { concatAST, Kind, parse, separateOperations, Source, type DocumentNode } from 'graphql';
import type { Operation } from './operation.ts';

/** Operations, and the schema that they are typed by, as codegen.ts pairs them. */
export type OperationSet = {
  /** Globs of files: `.graphql`, or TypeScript with `graphql()` documents. */
  readonly documents: readonly string[];
  /** The file of the schema. */
  readonly schema: string;
};

const API = 'apps/router/api.graphql';

const SUBGRAPH_FILE = /^apps\/([^/]+)\/schema\.graphql$/;

/**
 * The sets of operations in a configuration of graphql-codegen: it names the schema of every file of
 * operations, so that a new client is found here as well.
 */
export const readOperationSets = (
  generates: Readonly<Record<string, unknown>>,
): readonly OperationSet[] =>
  Object.values(generates).flatMap((entry) => {
    const { documents, schema } = entry as { documents?: unknown; schema?: unknown };
    if (documents === undefined || typeof schema !== 'string') return [];
    return [{ documents: [documents].flat().map(String), schema }];
  });

const placeOf = (document: DocumentNode, name: string): string =>
  document.definitions.find(
    (node) => node.kind === Kind.OPERATION_DEFINITION && node.name?.value === name,
  )?.loc?.source.name ?? '';

/**
 * Reads the operations in `.graphql` files.
 * @throws Error when a file is not GraphQL, or a set has no files
 */
export const readOperationFiles = (
  root: string,
  sets: readonly OperationSet[],
): readonly Operation[] =>
  sets.flatMap(({ documents, schema }) => {
    const files = globSync([...documents], { cwd: root })
      .filter((file) => file.endsWith('.graphql'))
      .toSorted();
    const all = concatAST(
      files.map((file) => parse(new Source(readFileSync(path.join(root, file), 'utf8'), file))),
    );
    const subgraph = schema === API ? null : (SUBGRAPH_FILE.exec(schema)?.[1] ?? null);
    return Object.entries(separateOperations(all)).map(([name, document]) => ({
      name,
      place: placeOf(all, name),
      document,
      subgraph,
      isRequired: true,
    }));
  });
