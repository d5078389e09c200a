import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { expandVariables } from './expand-variables.ts';

/** A subgraph: its name, the URL where routers find it, and its schema. */
export type SubgraphSource = {
  readonly name: string;
  readonly url: string;
  /** The file of the schema, relative to supergraph.yaml; null when the schema is in supergraph.yaml. */
  readonly file: string | null;
  readonly sdl: string;
};

/** What supergraph.yaml asks for. */
export type SupergraphSource = {
  /** `2` is any version 2, `=2.14.4` that one; null when the file names none. */
  readonly federationVersion: string | null;
  readonly subgraphs: readonly SubgraphSource[];
};

/** Reads a file of the workspace, as it is or as it was in a commit; null when there is none. */
export type ReadFile = (file: string) => Promise<string | null>;

export const SUPERGRAPH_FILE = 'supergraph.yaml';

const FEDERATION_VERSION = /^(?:1|2|=2\.\d+\.\d+.*)$/;

/** Rover's format, all of it: a misspelt key is a mistake, where rover ignores it. */
const schemaSource = z.union([
  z.strictObject({ file: z.string() }),
  z.strictObject({ sdl: z.string() }),
  z.strictObject({
    subgraph_url: z.url(),
    introspection_headers: z.record(z.string(), z.string()).nullish(),
  }),
  z.strictObject({ graphref: z.string(), subgraph: z.string() }),
]);

const supergraphFile = z.strictObject({
  federation_version: z
    .union([z.string(), z.number()])
    .transform(String)
    .refine((version) => FEDERATION_VERSION.test(version), 'it must be 2, or exact: =2.14.4')
    .nullish(),
  subgraphs: z.record(
    z.string(),
    z.strictObject({ routing_url: z.url().nullish(), schema: schemaSource }),
  ),
});

type SchemaSource = z.infer<typeof schemaSource>;

const readSdl = async (
  name: string,
  schema: SchemaSource,
  readFile: ReadFile,
): Promise<Pick<SubgraphSource, 'file' | 'sdl'>> => {
  if ('sdl' in schema) return { file: null, sdl: schema.sdl };
  if (!('file' in schema)) {
    throw new Error(
      `the schema of ${name} is elsewhere: npm run compose uses no network and reads files only`,
    );
  }
  const sdl = await readFile(schema.file);
  if (sdl === null) throw new Error(`the schema of ${name} is not there: ${schema.file}`);
  return { file: schema.file, sdl };
};

/**
 * Reads the subgraphs that `supergraph.yaml` names. The format is that of rover's
 * `supergraph compose`, with variables; a schema that only the network has is refused.
 * @throws Error that says what is wrong with the file
 */
export const readSubgraphs = async (
  readFile: ReadFile,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<SupergraphSource> => {
  const text = await readFile(SUPERGRAPH_FILE);
  if (text === null) throw new Error(`there is no ${SUPERGRAPH_FILE}`);
  const parsed = supergraphFile.safeParse(
    await expandVariables(parseYaml(text), { environment, readFile }),
  );
  if (!parsed.success) throw new Error(`${SUPERGRAPH_FILE}: ${z.prettifyError(parsed.error)}`);
  const { federation_version: federationVersion = null, subgraphs } = parsed.data;
  return {
    federationVersion,
    subgraphs: await Promise.all(
      Object.entries(subgraphs).map(async ([name, { routing_url: url, schema }]) => {
        if (!url) throw new Error(`${SUPERGRAPH_FILE}: ${name} has no routing_url`);
        return { name, url, ...(await readSdl(name, schema, readFile)) };
      }),
    ),
  };
};
