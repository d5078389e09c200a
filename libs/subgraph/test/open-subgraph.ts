import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeCallerVerifier } from '@cartograph/auth';
import { DEFAULT_HTTP_LIMITS } from '@cartograph/config';
import { makeLogger } from '@cartograph/logging';
import { defaultLimits } from '@cartograph/operation-limits';
import { TEST_SECRET } from '@cartograph/testing';
import { makeSubgraphServer, type SubgraphOptions } from '../src/make-subgraph-server.ts';
import type { RequestContext } from '../src/request-context.ts';

const HEAD = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@cost", "@listSize"])
  directive @auth(requires: Access! = USER) on FIELD_DEFINITION | OBJECT
  enum Access { PUBLIC USER ADMIN SERVICE }
`;

/**
 * A subgraph with these types and resolvers, which is called `test` and which the router may call.
 * `lines` are those of its log.
 */
export const openSubgraph = async (
  types: string,
  resolvers: object,
  options: Partial<SubgraphOptions<RequestContext>> = {},
) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'subgraph-'));
  const schema = path.join(folder, 'schema.graphql');
  await writeFile(schema, HEAD + types);
  const lines: string[] = [];
  const app = await makeSubgraphServer<RequestContext>({
    name: 'test',
    infrastructure: {
      log: makeLogger({ name: 'test', level: 'info' }, { write: (line) => void lines.push(line) }),
    },
    schema: pathToFileURL(schema),
    resolvers,
    makeContext: (request) => request,
    verifyToken: async () => null,
    checkSession: async () => 'live',
    verifyCaller: makeCallerVerifier({ router: TEST_SECRET }),
    httpLimits: DEFAULT_HTTP_LIMITS,
    operationLimits: defaultLimits('subgraph'),
    checks: {},
    close: async () => {},
    ...options,
  });
  return {
    app,
    lines,
    close: async (): Promise<void> => {
      await app.close();
      await rm(folder, { recursive: true });
    },
  };
};

export type TestSubgraph = Awaited<ReturnType<typeof openSubgraph>>;
