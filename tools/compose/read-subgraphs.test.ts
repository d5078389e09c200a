import { describe, expect, it } from 'vitest';
import { composeSupergraph } from './compose-supergraph.ts';
import { readSubgraphs } from './read-subgraphs.ts';

const SDL = 'type Query { lamp: String }';

/** Reads a supergraph.yaml beside which there is one schema. */
const read = (text: string, environment: Record<string, string> = {}) =>
  readSubgraphs(
    async (file) => ({ 'supergraph.yaml': text, 'apps/lamp.graphql': SDL })[file] ?? null,
    environment,
  );

const yaml = (lines: { version?: string; url?: string; schema?: string }) => `
${lines.version === undefined ? '' : `federation_version: ${lines.version}`}
subgraphs:
  lamp:
    ${lines.url ?? 'routing_url: http://lamp/graphql'}
    schema: ${lines.schema ?? '{ file: apps/lamp.graphql }'}
`;

describe('supergraph.yaml', () => {
  it.each([
    ['2', '2'],
    ['=2.9.0', '=2.9.0'],
    ['"=2.14.4"', '=2.14.4'],
    ['${env.VERSION:-2}', '2'],
    [undefined, null],
    ['null', null],
  ])('may ask for the federation version %s', async (version, federationVersion) => {
    const source = await read(yaml({ ...(version !== undefined && { version }) }));
    expect(source).toEqual({
      federationVersion,
      subgraphs: [
        { name: 'lamp', url: 'http://lamp/graphql', file: 'apps/lamp.graphql', sdl: SDL },
      ],
    });
  });

  it('has variables of the environment, with defaults', async () => {
    const text = yaml({ url: 'routing_url: ${env.LAMP_URL:-http://127.0.0.1:4001/graphql}' });
    expect((await read(text)).subgraphs[0]?.url).toBe('http://127.0.0.1:4001/graphql');
    const { subgraphs } = await read(text, { LAMP_URL: 'https://lamp.example/graphql' });
    expect(subgraphs[0]?.url).toBe('https://lamp.example/graphql');
  });

  it('may contain a schema', async () => {
    const { subgraphs } = await read(yaml({ schema: `{ sdl: "${SDL}" }` }));
    expect(subgraphs[0]).toMatchObject({ file: null, sdl: SDL });
  });

  it.each([
    ['a version of no known form', { version: '2.14.4' }, 'federation_version'],
    ['a misspelt key', { url: 'routing_uri: http://lamp' }, 'Unrecognized key'],
    ['no address', { url: '' }, 'lamp has no routing_url'],
    ['an address without its variable', { url: 'routing_url: ${env.NOPE}' }, 'NOPE is not set'],
    ['a missing schema', { schema: '{ file: none.graphql }' }, 'is not there: none.graphql'],
    [
      'a schema of the network',
      { schema: '{ subgraph_url: "http://lamp", introspection_headers: { a: b } }' },
      'uses no network',
    ],
    ['a schema of a registry', { schema: '{ graphref: a@b, subgraph: lamp }' }, 'uses no network'],
  ])('is refused with %s, and says why', async (_what, lines, message) => {
    await expect(read(yaml(lines))).rejects.toThrow(message);
  });

  it('that asks for another composition than the installed one is refused', async () => {
    expect(() => composeSupergraph({ federationVersion: '=2.0.0', subgraphs: [] })).toThrow(
      /asks for federation =2\.0\.0, and @apollo\/composition 2\.\d+\.\d+ is installed/,
    );
    for (const version of ['2', '=2.14.4']) {
      const { apiSdl } = composeSupergraph(await read(yaml({ version })));
      expect(apiSdl).toContain('lamp: String');
    }
  });
});
