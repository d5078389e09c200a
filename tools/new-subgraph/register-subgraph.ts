import { readFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { SubgraphName } from './subgraph-name.ts';

/** A change of a file that lists the subgraphs. */
type Registration = {
  readonly file: string;
  /** Where the entry goes: after this. */
  readonly after: RegExp;
  readonly entry: string;
};

/** The variables of a service, as .env.example lists them. */
const variablesOf = (name: string, port: number): readonly (readonly [string, string])[] => [
  [`${name}_PORT`, String(port)],
  [`${name}_METRICS_PORT`, String(port + 5_400)],
  [`${name}_URL`, ''],
  [`${name}_DATABASE_URL`, ''],
  [`${name}_SECRET`, ''],
];

const listRegistrations = (
  { name, Name, names, NAME }: SubgraphName,
  port: number,
  last: string,
): readonly Registration[] => [
  {
    file: 'libs/auth/src/caller.ts',
    after: new RegExp(`export const SUBGRAPHS = \\[[^\\]]*'${last}'`),
    entry: `, '${name}'`,
  },
  {
    file: 'supergraph.yaml',
    after: new RegExp(`file: apps/${last}/schema\\.graphql\\n`),
    entry: `  ${name}:
    routing_url: \${env.${NAME}_URL:-http://127.0.0.1:${port}/graphql}
    schema:
      file: apps/${name}/schema.graphql
`,
  },
  {
    file: '.github/workflows/schema.yml',
    after: new RegExp(` {10}- \\{ subgraph: ${last}, .*\\n`),
    entry: `          - { subgraph: ${name}, address: ${NAME}_URL }\n`,
  },
  {
    file: 'codegen.ts',
    after: /const MAPPERS[^{]*\{\n/,
    entry: `  ${name}: { ${Name}: '../domain/${name}.ts#${Name} as ${Name}Model' },\n`,
  },
  {
    file: 'docs/operations/retention.md',
    after: /^[^]*\n\| \w+ +\| `[^\n]*\n/,
    entry: `| ${name} | \`${names}\` | never | | |\n`,
  },
  ...['DATABASE_URL', 'SECRET'].map((suffix) => ({
    file: 'tools/image/read-secret-files.ts',
    after: new RegExp(`  '${last.toUpperCase()}_${suffix}',\\n`),
    entry: `  '${NAME}_${suffix}',\n`,
  })),
  ...variablesOf(NAME, port).map(([variable, value]) => ({
    file: '.env.example',
    after: new RegExp(`^${variable.replace(NAME, last.toUpperCase())}=.*\\n`, 'm'),
    entry: `${variable}=${value}\n`,
  })),
];

/**
 * Registers a subgraph where the workspace lists them.
 * @param options.last the subgraph that was registered last
 * @returns the new texts by their paths; nothing is written
 */
export const registerSubgraph = async (options: {
  readonly root: string;
  readonly name: SubgraphName;
  readonly port: number;
  readonly last: string;
}): Promise<ReadonlyMap<string, string>> => {
  const { root, name, port, last } = options;
  const texts = new Map<string, string>();
  for (const { file, after, entry } of listRegistrations(name, port, last)) {
    const text = texts.get(file) ?? readFileSync(path.join(root, file), 'utf8');
    if (!after.test(text))
      throw new Error(`${file} has no place for ${name.name}: ${after.source}`);
    texts.set(
      file,
      text.replace(after, (before) => before + entry),
    );
  }
  for (const [file, text] of texts) {
    if (file === '.env.example') continue;
    const style = await resolveConfig(path.join(root, file));
    texts.set(file, await format(text, { ...style, filepath: file }));
  }
  return texts;
};
