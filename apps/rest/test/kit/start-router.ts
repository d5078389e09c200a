import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildSchema, execute, parse, validate, type ExecutionResult } from 'graphql';

type Variables = Record<string, unknown>;

/** The results of the graph by root field: a value, or a function of the field's arguments. */
export type Results = Readonly<Record<string, unknown>>;

/** Writes the HTTP response, for tests of a router that misbehaves. */
export type RawResponse = (response: ServerResponse) => void;

/** One request as the router got it. */
export type Received = {
  readonly headers: IncomingHttpHeaders;
  readonly query: string;
  readonly variables: Variables;
};

/** A fake router on a local port. */
export type Router = {
  readonly url: string;
  readonly received: readonly Received[];
  /** Sets the results of the next requests. */
  readonly respond: (results: Results, headers?: Readonly<Record<string, string>>) => void;
  readonly respondRaw: (respond: RawResponse) => void;
  readonly close: () => Promise<void>;
};

/** The committed public schema of the graph. */
export const schema = buildSchema(
  readFileSync(new URL('../../../router/api.graphql', import.meta.url), 'utf8'),
);

/** Runs the operation against the committed public schema, so that one that does not fit fails. */
export const runOperation = async (
  results: Results,
  received: Pick<Received, 'query' | 'variables'>,
): Promise<ExecutionResult> => {
  const document = parse(received.query);
  const errors = validate(schema, document);
  if (errors.length > 0) return { errors };
  return execute({
    schema,
    document,
    rootValue: results,
    variableValues: received.variables,
  });
};

/** Starts an HTTP server that answers GraphQL requests with the results of the test. */
export const startRouter = async (): Promise<Router> => {
  const received: Received[] = [];
  let results: Results = {};
  let ownHeaders: Readonly<Record<string, string>> = {};
  let rawResponse: RawResponse | null = null;
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      if (request.url === '/readyz') return response.writeHead(200).end();
      const { query, variables } = JSON.parse(body) as Omit<Received, 'headers'>;
      const operation = { headers: request.headers, query, variables };
      received.push(operation);
      if (rawResponse) return rawResponse(response);
      const result = await runOperation(results, operation);
      response.writeHead(200, { 'content-type': 'application/json', ...ownHeaders });
      return response.end(JSON.stringify(result));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    received,
    respond: (next, headers = {}) => {
      results = next;
      ownHeaders = headers;
      rawResponse = null;
    },
    respondRaw: (next) => {
      rawResponse = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
