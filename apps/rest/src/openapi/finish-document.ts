import { DOCUMENTED } from '../input/documented.ts';
import { makeExample, type Components, type Schema } from './make-example.ts';
import { REQUEST_HEADERS } from './request-headers.ts';
import { RESPONSE_HEADERS } from './response-headers.ts';
import { EVENT_STREAM } from './responses.ts';

type Media = { schema: Schema; example?: unknown; examples?: Record<string, object> };
type Content = Record<string, Media>;
type Parameter = { name: string; in: string; schema: Schema; example?: unknown };

/** An operation as `@fastify/swagger` makes it, and as it is changed here. */
type Operation = {
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, Response | { $ref: string }>;
  security?: object[];
};

type Response = { headers?: Record<string, object>; content?: Content };

/** The part of the document that is changed here. */
export type OpenApi = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Components;
    responses?: Record<string, Response>;
  };
};

/** Copies a value, with the members of `documented` in place of its key. */
const addFacts = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(addFacts);
  if (typeof value !== 'object' || value === null) return value;
  const { [DOCUMENTED]: facts = {}, ...members } = value as Record<string, unknown>;
  const copied = Object.entries(members).map(([key, member]) => [key, addFacts(member)]);
  return { ...Object.fromEntries(copied), ...(facts as object) };
};

/** `if-match` -> `If-Match`, as problems name it. */
const nameHeader = (name: string): string =>
  name.replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());

const finishParameter = (parameter: Parameter): void => {
  if (parameter.in === 'header') parameter.name = nameHeader(parameter.name);
  const { examples, ...schema } = parameter.schema;
  parameter.schema = schema;
  if (examples) parameter.example = examples[0];
};

/** The headers that every request may have. */
const ANY_REQUEST = Object.keys(REQUEST_HEADERS).map((name) => ({
  $ref: `#/components/parameters/${name}`,
}));

const finishBody = (body: NonNullable<Operation['requestBody']>, components: Components): void => {
  for (const media of Object.values(body.content)) {
    media.example ??= makeExample(media.schema, components);
    body.required = media.schema['x-optional-body'] !== true;
    const { 'x-optional-body': _isOptional, examples: _shown, ...schema } = media.schema;
    media.schema = schema;
  }
};

/** The headers by reference; every response has a request id. */
const nameHeaders = (headers: Record<string, object> = {}): Record<string, object> =>
  Object.fromEntries(
    [...Object.keys(headers), 'X-Request-Id'].map((name) => {
      if (!Object.hasOwn(RESPONSE_HEADERS, name)) throw new Error(`unknown header: ${name}`);
      return [name, { $ref: `#/components/headers/${name}` }];
    }),
  );

const finishResponse = (response: Response, components: Components): void => {
  const isCompressible = response.content && !(EVENT_STREAM in response.content);
  const coding = isCompressible ? { 'Content-Encoding': {} } : {};
  response.headers = nameHeaders({ ...response.headers, ...coding });
  for (const media of Object.values(response.content ?? {})) {
    if (media.examples) {
      const refer = (code: string) => [code, { $ref: `#/components/examples/${code}` }] as const;
      media.examples = Object.fromEntries(Object.keys(media.examples).map(refer));
    } else media.example ??= makeExample(media.schema, components);
  }
};

/** The schema of a response that is one problem and nothing else. */
const onlyProblem = ({ content }: Response): string | undefined =>
  content?.['application/problem+json']?.schema.$ref?.replace('#/components/schemas/', '');

const finishOperation = (operation: Operation, components: OpenApi['components']): void => {
  const { parameters = [], requestBody, responses } = operation;
  for (const parameter of parameters) if (!('$ref' in parameter)) finishParameter(parameter);
  operation.parameters = [...parameters, ...ANY_REQUEST];
  if (requestBody) finishBody(requestBody, components.schemas);
  for (const [status, response] of Object.entries(responses)) {
    if ('$ref' in response) continue;
    finishResponse(response, components.schemas);
    const name = onlyProblem(response);
    if (name === undefined) continue;
    components.responses = { ...components.responses, [name]: response };
    responses[status] = { $ref: `#/components/responses/${name}` };
  }
  operation.security ??= [];
};

/** Drops named parts of which no operation makes use: problems that none of them has. */
const dropUnused = (document: OpenApi): void => {
  const components = document.components as Record<string, Record<string, unknown>>;
  for (const kind of ['examples', 'schemas', 'headers']) {
    const parts = components[kind] ?? {};
    const text = JSON.stringify(document);
    for (const name of Object.keys(parts)) {
      if (!text.includes(`"#/components/${kind}/${name}"`)) delete parts[name];
    }
  }
};

/**
 * Completes the document that `@fastify/swagger` makes from the routes: with what only the graph
 * checks, the case of headers, those that every request may have, optional bodies, headers of responses, examples, and which operations
 * need no sign-in. A response that is one problem is the same wherever it occurs: it has a name.
 * @throws when something has no example
 */
export const finishDocument = (made: object): object => {
  const document = addFacts(made) as OpenApi;
  for (const operations of Object.values(document.paths)) {
    for (const operation of Object.values(operations)) {
      finishOperation(operation, document.components);
    }
  }
  dropUnused(document);
  return document;
};
