import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildSchema, execute, parse, validate, type ExecutionResult } from 'graphql';

type Variables = Record<string, unknown>;

/** What the graph says, by root field: a value, or a function of the field's arguments. */
export type Idempotency = Readonly<Record<string, unknown>>;

/** Idempotency the HTTP request itself, where a test is about a router that misbehaves. */
export type RawResponse = (response: ServerResponse) => void;

/** One request as the router got it. */
export type Received = {
  readonly headers: IncomingHttpHeaders;
  readonly query: string;
  readonly variables: Variables;
};

/** A router of the test's own, on a port of this machine. */
export type Router = {
  readonly url: string;
  readonly received: readonly Received[];
  /** What it says from now on. */
  readonly answer: (answers: Idempotency, headers?: Readonly<Record<string, string>>) => void;
  readonly answerRaw: (answer: RawResponse) => void;
  readonly close: () => Promise<void>;
};

const schema = buildSchema(
  readFileSync(new URL('../../../router/api.graphql', import.meta.url), 'utf8'),
);

/** Runs the operation against the committed public schema, so that one that does not fit fails. */
const run = async (answers: Idempotency, received: Received): Promise<ExecutionResult> => {
  const document = parse(received.query);
  const errors = validate(schema, document);
  if (errors.length > 0) return { errors };
  return execute({
    schema,
    document,
    rootValue: answers,
    variableValues: received.variables,
  });
};

/** Starts a real HTTP server that speaks GraphQL and says what the test tells it to. */
export const startRouter = async (): Promise<Router> => {
  const received: Received[] = [];
  let answers: Idempotency = {};
  let ownHeaders: Readonly<Record<string, string>> = {};
  let rawAnswer: RawResponse | null = null;
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      if (request.url === '/readyz') return response.writeHead(200).end();
      const { query, variables } = JSON.parse(body) as Omit<Received, 'headers'>;
      const operation = { headers: request.headers, query, variables };
      received.push(operation);
      if (rawAnswer) return rawAnswer(response);
      const result = await run(answers, operation);
      response.writeHead(200, { 'content-type': 'application/json', ...ownHeaders });
      return response.end(JSON.stringify(result));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    received,
    answer: (next, headers = {}) => {
      answers = next;
      ownHeaders = headers;
      rawAnswer = null;
    },
    answerRaw: (next) => {
      rawAnswer = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
