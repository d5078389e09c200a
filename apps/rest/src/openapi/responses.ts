import type { Readable } from 'node:stream';
import { Type, type TSchema, type TUnsafe } from 'typebox';
import { documented } from '../input/documented.ts';
import { makeProblemBody } from '../problems/problem-body.ts';
import { ProblemError, sentenceOf, statuses, type Code } from '../problems/problem-error.ts';
import { problemExample, problemSchemaName } from './problem-schemas.ts';
import { headersOf, type ResponseHeader } from './response-headers.ts';

type Answer = {
  readonly description: string;
  readonly headers?: readonly ResponseHeader[];
  /** If not given, it is made from the examples of the schema. */
  readonly example?: unknown;
};

/** A response with a JSON body. The type of the body is that of the schema. */
export const answer = <Schema extends TSchema>(
  schema: Schema,
  { description, headers = [], example }: Answer,
): Schema =>
  ({
    description,
    headers: headersOf(headers),
    content: { 'application/json': { schema, ...(example !== undefined && { example }) } },
  }) as unknown as Schema;

/** A response without a body. */
export const noBody = (
  description: string,
  headers: readonly ResponseHeader[] = [],
): TUnsafe<null | undefined> =>
  Type.Unsafe<null | undefined>(Type.Null({ description, headers: headersOf(headers) }));

/** The media type of server-sent events. */
export const EVENT_STREAM = 'text/event-stream';

/**
 * A response of server-sent events that are all of one type. The document describes them as OpenAPI 3.2 does,
 * which knows such responses: as a list.
 * @param data of each event, which is sent as JSON
 */
export const answerEvents = (
  event: string,
  data: TSchema,
  { description, headers = [] }: Answer,
): TUnsafe<Readable> => {
  const id = Type.String({
    description: 'Send it as Last-Event-ID to get the events after this one.',
    ...documented({ examples: ['1'] }),
  });
  const schema = Type.Array(Type.Object({ id, event: Type.Literal(event), data }), {
    description: 'The events, in order. The text of `data` is JSON.',
  });
  return {
    description,
    headers: headersOf(headers),
    content: { [EVENT_STREAM]: { schema } },
  } as unknown as TUnsafe<Readable>;
};

/** Problems of every request: of its headers, its access token, or the shop behind this API. */
const ALWAYS: readonly Code[] = [
  'GATEWAY_TIMEOUT',
  'HEADERS_TOO_LARGE',
  'INTERNAL',
  'MALFORMED_REQUEST',
  'REQUEST_TIMEOUT',
  'UNAUTHENTICATED',
  'UNAVAILABLE',
];

/** The media types of a body that changes a part of a resource. */
export const PATCH_TYPES = ['application/json', 'application/merge-patch+json'];

/** Problems of every route with parameters in the query or the headers. */
export const inputProblems: readonly Code[] = ['BAD_USER_INPUT', 'VALIDATION_FAILED'];

/** Problems of every route that reads a body. Also of those that need none: one that is sent is read. */
export const bodyProblems: readonly Code[] = [
  ...inputProblems,
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
];

const HEADERS: Readonly<Partial<Record<number, readonly ResponseHeader[]>>> = {
  401: ['WWW-Authenticate'],
  415: ['Accept', 'Accept-Encoding', 'Accept-Patch'],
  429: ['RateLimit', 'RateLimit-Policy', 'Retry-After'],
  503: ['Retry-After'],
};

/** Problems that a repeat can resolve, with a status that is also of others. */
const RETRYABLE = new Set<Code>([
  'REQUEST_IN_FLIGHT',
  'TOO_MANY_OPEN_ORDERS',
  'TOO_MANY_UNITS_HELD',
]);

/** The example of each code: all operations refer to them. */
export const problemExamples = Object.fromEntries(
  (Object.keys(statuses) as Code[]).map((code) => [
    code,
    {
      summary: sentenceOf(code),
      value: {
        ...makeProblemBody(new ProblemError(code, problemExample(code)), '/v1/orders'),
        trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      },
    },
  ]),
);

const toResponse = (status: number, codes: readonly Code[]) => {
  const schemas = codes.map((code) => ({ $ref: `${problemSchemaName(code)}#` }));
  const retry: readonly ResponseHeader[] = codes.some((code) => RETRYABLE.has(code))
    ? ['Retry-After']
    : [];
  return {
    description: codes.map((code) => `${code}: ${sentenceOf(code)}`).join('\n\n'),
    headers: headersOf([...(HEADERS[status] ?? []), ...retry, 'Link']),
    content: {
      'application/problem+json': {
        schema: schemas.length === 1 ? schemas[0] : { oneOf: schemas },
        // `finishDocument` refers to the example.
        examples: Object.fromEntries(codes.map((code) => [code, {}])),
      },
    },
  };
};

/**
 * The problems of a route, for its response schema. The type has no members because a handler throws
 * problems and never returns them.
 */
export const problems = (...codes: readonly Code[]): Record<never, never> => {
  const sorted = [...new Set([...ALWAYS, ...codes])].sort();
  const byStatus = Map.groupBy(sorted, (code) => statuses[code]);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [status, toResponse(status, group)]),
  );
};
