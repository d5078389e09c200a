import { readFile } from 'node:fs/promises';
import { composeServices } from '@apollo/composition';
import { parse as parseGraphql, printSchema } from 'graphql';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

const supergraphFile = z.strictObject({
  subgraphs: z.record(
    z.string(),
    z.strictObject({
      routing_url: z.url(),
      schema: z.strictObject({ file: z.string() }),
    }),
  ),
});

/**
 * Composes the subgraphs that `supergraph.yaml` names, without any network.
 * @param root the folder that holds `supergraph.yaml`; schema files are relative to it
 * @returns the supergraph SDL for routers, the API SDL that clients see, and composition's hints
 * @throws Error with every composition error, when the subgraphs do not fit together
 */
export const composeSupergraph = async (
  root: URL,
): Promise<{ supergraphSdl: string; apiSdl: string; hints: readonly string[] }> => {
  const { subgraphs } = supergraphFile.parse(
    parseYaml(await readFile(new URL('supergraph.yaml', root), 'utf8')),
  );
  const services = await Promise.all(
    Object.entries(subgraphs).map(async ([name, { routing_url: url, schema }]) => ({
      name,
      url,
      typeDefs: parseGraphql(await readFile(new URL(schema.file, root), 'utf8')),
    })),
  );
  const { supergraphSdl, schema, errors, hints = [] } = composeServices(services);
  if (!supergraphSdl || !schema) {
    const faults = errors?.map((error) => `  ${error.message}`) ?? [];
    throw new Error(`The subgraphs do not compose:\n${faults.join('\n')}`);
  }
  return {
    supergraphSdl: `${supergraphSdl.trim()}\n`,
    apiSdl: `${printSchema(schema.toAPISchema().toGraphQLJSSchema())}\n`,
    hints: hints.map(String),
  };
};
