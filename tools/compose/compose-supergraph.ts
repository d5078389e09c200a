import { createRequire } from 'node:module';
import { composeServices } from '@apollo/composition';
import { parse, printSchema } from 'graphql';
import { makePublicContract } from './public-contract.ts';
import type { SupergraphSource } from './read-subgraphs.ts';

const { version: INSTALLED } = createRequire(import.meta.url)(
  '@apollo/composition/package.json',
) as {
  version: string;
};

/** What routers and clients get from the subgraphs. */
export type Supergraph = {
  /** For routers. */
  readonly supergraphSdl: string;
  /** What clients see. */
  readonly apiSdl: string;
  /** What is public of that: without the parts for administrators. */
  readonly publicSdl: string;
  /** What composition remarks about subgraphs that fit together. */
  readonly hints: readonly string[];
};

const checkVersion = (wanted: string | null): void => {
  if (wanted === null || wanted === '2' || wanted === `=${INSTALLED}`) return;
  throw new Error(
    `supergraph.yaml asks for federation ${wanted}, and @apollo/composition ${INSTALLED} is installed.`,
  );
};

/**
 * Composes subgraphs, without any network.
 * @throws Error with every composition error, when the subgraphs do not fit together, or when
 * `federation_version` is not the version of the installed composition
 */
export const composeSupergraph = ({
  federationVersion,
  subgraphs,
}: SupergraphSource): Supergraph => {
  checkVersion(federationVersion);
  const {
    supergraphSdl,
    schema,
    errors,
    hints = [],
  } = composeServices(subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })));
  if (!supergraphSdl || !schema) {
    const faults = errors?.map((error) => `  ${error.message}`) ?? [];
    throw new Error(`The subgraphs do not compose:\n${faults.join('\n')}`);
  }
  return {
    supergraphSdl: `${supergraphSdl.trim()}\n`,
    apiSdl: `${printSchema(schema.toAPISchema().toGraphQLJSSchema())}\n`,
    publicSdl: makePublicContract(schema),
    hints: hints.map(String),
  };
};
