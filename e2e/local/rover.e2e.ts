// Not for a remote shop: asks its subgraphs, each on its own port.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSchema, lexicographicSortSchema, parse, print, printSchema, visit } from 'graphql';
import { parse as parseYaml } from 'yaml';
import { readManifests } from '../../apps/router/src/read-manifests.ts';
import { composeSupergraph } from '../../tools/compose/compose-supergraph.ts';
import { readFromFolder } from '../../tools/compose/read-from-folder.ts';
import { readSubgraphs } from '../../tools/compose/read-subgraphs.ts';
import {
  REFUSED_VARIABLES,
  VARIABLE_FILE,
  VARIABLE_SAMPLES,
  VARIABLES,
} from '../../tools/compose/test/variable-samples.ts';
import { SERVICES, type ServiceName } from '../../tools/services.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');

// It can't be in the lockfile: the packages of its other platforms are published later.
const ROVER = '@apollo/rover@0.41.0';

/** npm may have to download it. */
const TIMEOUT_MS = 300_000;

type SupergraphFile = { readonly subgraphs: Record<string, { readonly routing_url: string }> };

let folder: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cartograph rover '));
  await writeFile(path.join(folder, VARIABLE_FILE.name), VARIABLE_FILE.text);
  program = await findRover();
}, TIMEOUT_MS);

afterAll(() => rm(folder, { recursive: true, force: true }));

const run = async (file: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) => {
  const { stdout } = await promisify(execFile)(file, args, {
    cwd,
    env: { ...process.env, APOLLO_TELEMETRY_DISABLED: '1', ...env },
    timeout: TIMEOUT_MS,
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout;
};

/** Has npm download rover. @returns its program, which starts without npm */
const findRover = async (): Promise<string> => {
  const found = await run('npx', ['--yes', '-p', ROVER, '-c', 'command -v rover'], ROOT, {});
  return found.trim();
};

/** Runs rover, without telemetry or updates. @throws with its output when it fails */
const rover = (args: readonly string[], cwd = ROOT, env: NodeJS.ProcessEnv = {}) =>
  run(program, ['--skip-update-check', ...args], cwd, env);

/** Expands a supergraph.yaml that has a subgraph for each text. */
const expandTexts = async (texts: readonly string[]): Promise<readonly string[]> => {
  const file = path.join(folder, 'supergraph.yaml');
  const subgraphs = texts.map((text, index) => [
    `s${index}`,
    { routing_url: text, schema: { file: 'a.graphql' } },
  ]);
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ subgraphs: Object.fromEntries(subgraphs) as object }));
  const args = ['supergraph', 'config', 'expand', '--config', 'supergraph.yaml'];
  const expanded = parseYaml(await rover(args, folder, VARIABLES)) as SupergraphFile;
  return texts.map((_text, index) => expanded.subgraphs[`s${index}`]?.routing_url ?? '');
};

/** The definitions of a document; their order and the quotes of their texts say nothing. */
const definitionsOf = (text: string): readonly string[] =>
  visit(parse(text), { StringValue: (node) => ({ ...node, block: true }) })
    .definitions.map(print)
    .toSorted();

describe('rover', () => {
  it('expands variables as npm run compose does', async () => {
    const expanded = await expandTexts(VARIABLE_SAMPLES.map(([, text]) => text));
    expect(expanded).toEqual(VARIABLE_SAMPLES.map(([, , value]) => value));
    for (const [, text] of REFUSED_VARIABLES) await expect(expandTexts([text])).rejects.toThrow();
  });

  it('reads supergraph.yaml as npm run compose does', async () => {
    const env = { PRODUCT_URL: 'http://product:4002/graphql' };
    const args = ['supergraph', 'config', 'expand', '--config', 'supergraph.yaml'];
    const { subgraphs } = parseYaml(await rover(args, ROOT, env)) as SupergraphFile;
    const ours = await readSubgraphs(readFromFolder(ROOT), { ...process.env, ...env });
    expect(Object.entries(subgraphs).map(([name, one]) => [name, one.routing_url])).toEqual(
      ours.subgraphs.map(({ name, url }) => [name, url]),
    );
  });

  it('introspects the graph: it is the committed one', async () => {
    const sdl = await rover(['graph', 'introspect', process.env['E2E_GRAPH_URL'] ?? '']);
    const committed = await readFile(path.join(ROOT, 'apps/router/api.graphql'), 'utf8');
    const sorted = (text: string) => printSchema(lexicographicSortSchema(buildSchema(text)));
    // Rover does not ask where scalars are specified.
    const known = committed.replaceAll(/ @specifiedBy\(url: "[^"]*"\)/g, '');
    expect(sorted(sdl)).toBe(sorted(known));
  });

  it('introspects the subgraphs with a secret: they compose to the committed supergraph', async () => {
    const introspect = (service: ServiceName, args: readonly string[]) => {
      const port = process.env['E2E_SUBGRAPH_PORTS']?.split(',')[SERVICES.indexOf(service)];
      return rover(['subgraph', 'introspect', `http://127.0.0.1:${port}/graphql`, ...args]);
    };
    const header = `x-router-authorization: ${process.env['E2E_HIVE_SECRET']}`;
    // With the addresses that are committed, not those of the environment.
    const committed = await readSubgraphs(readFromFolder(ROOT), {});
    const subgraphs = await Promise.all(
      committed.subgraphs.map(async (subgraph) => ({
        ...subgraph,
        sdl: await introspect(subgraph.name as ServiceName, ['--header', header]),
      })),
    );
    const { supergraphSdl } = composeSupergraph({ ...committed, subgraphs });
    const file = await readFile(path.join(ROOT, 'apps/router/supergraph.graphql'), 'utf8');
    expect(definitionsOf(supergraphSdl)).toEqual(definitionsOf(file));
    await expect(introspect('user', [])).rejects.toThrow('No data field provided');
  });

  it('makes a manifest of persisted operations that the router takes', async () => {
    const file = path.join(folder, 'manifest.json');
    await rover([
      ...['persisted-queries', 'generate', '--include', 'libs/client/operations/*.graphql'],
      ...['--manifest-path', file],
    ]);
    const read = async (name: string) =>
      (await readManifests([name])).map(({ name, type, body }) => [
        name,
        type,
        definitionsOf(body),
      ]);
    const ours = await read(path.join(ROOT, 'libs/client/persisted-operations.json'));
    expect(ours.length).toBeGreaterThan(5);
    expect(await read(file)).toEqual(ours);
  });
});
