import { isCurrency } from '@cartograph/money';
import { isWithin } from '@cartograph/validation';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '@cartograph/pagination';
import type { FastifyRequest } from 'fastify';
import {
  Type,
  type Static,
  type TEnum,
  type TInteger,
  type TNull,
  type TRefine,
  type TString,
  type TUnsafe,
  type TSchema,
  type TUnion,
} from 'typebox';
import { NIL, validate } from 'uuid';
import { ProblemError } from '../problems/problem-error.ts';
import { documented, type Facts } from './documented.ts';

/**
 * References a named schema of the OpenAPI document, with its type.
 * @throws when the schema has no `$id`
 */
export const reference = <Schema extends TSchema>(schema: Schema): TUnsafe<Static<Schema>> => {
  const name = '$id' in schema ? schema.$id : undefined;
  if (typeof name !== 'string') throw new Error('a schema without $id cannot be referenced');
  return Type.Unsafe<Static<Schema>>(Type.Ref(`${name}#`));
};

/**
 * A text of at most `max` code points, as the graph and JSON Schema count. TypeBox's own `maxLength`
 * counts grapheme clusters: a letter with a thousand accents is one. The graph checks all other rules
 * and returns their faults together.
 */
export const textOf = (
  max: number,
  { description, ...facts }: Facts & { readonly description?: string } = {},
): TRefine<TString> =>
  Type.Refine(
    Type.String({
      ...(description !== undefined && { description }),
      maxLength: max,
      ...documented(facts),
    }),
    (value) => isWithin(value, max),
    () => `must have ${max} characters or fewer`,
  );

/** The length of a UUID as text: RFC 9562, section 4. */
const ID_LENGTH = 36;

/** The id in examples. */
export const EXAMPLE_ID = '0197a3c1-5e0c-7c52-9d3e-2f6f3a1b8c4d';

/** An id in a body. The graph refuses what is not a UUID. */
export const idText = (): TRefine<TString> =>
  textOf(ID_LENGTH, { description: 'A UUID.', format: 'uuid', examples: [EXAMPLE_ID] });

/** Longer than any cursor: the longest contains a name of 200 characters. */
const MAX_CURSOR = 2_048;

/** A position in a list. */
export const cursorText = (description: string): TRefine<TString> =>
  textOf(MAX_CURSOR, { description });

/**
 * The longest password as it is typed: the graph normalises it, after which it may have 128 characters, and
 * checks the other rules.
 */
export const MAX_PASSWORD = 512;

/**
 * The rules of a new password. The document has no lower bound but 1: NFKC makes 18 characters of U+FDFA, so
 * that one typed character may be enough, and one of two, so that 14 may be too few.
 */
export const PASSWORD_RULES =
  '8 to 128 characters (Unicode code points) after it is normalised (NFKC), which may be more or fewer than ' +
  'those that are typed, and not a common password.';

/** Fastify's limit for a path parameter; a longer one is NOT_FOUND. */
export const MAX_PARAM = 100;

/** An integer in the range of GraphQL's Int. The graph checks its bounds, which are in `facts`. */
export const int32 = (description: string, facts: Facts): TInteger =>
  Type.Integer({
    minimum: -2_147_483_648,
    maximum: 2_147_483_647,
    description,
    ...documented(facts),
  });

/** An integer that GraphQL's SafeInt and JSON represent exactly. The graph checks `facts`. */
export const safeInteger = (description: string, facts: Facts): TInteger =>
  Type.Integer({
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    description,
    ...documented(facts),
  });

/** The value, or null. */
export const nullable = <Schema extends TSchema>(schema: Schema): TUnion<[Schema, TNull]> =>
  Type.Union([schema, Type.Null()]);

/** One of these texts. */
export const oneOf = <const Values extends string[]>(
  values: readonly [...Values],
  description?: string,
): TEnum<Values> =>
  Type.Enum(values, { type: 'string', ...(description !== undefined && { description }) });

/** An ISO 4217 currency code. */
export const currency = Type.Refine(
  Type.String({
    maxLength: 3,
    description: 'ISO 4217: EUR.',
    ...documented({ minLength: 3, pattern: '^[A-Z]{3}$', examples: ['EUR'] }),
  }),
  isCurrency,
  () => 'is not a currency',
);

/** The query parameters of a page. */
export const paging = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_PAGE_SIZE,
      default: DEFAULT_PAGE_SIZE,
      description: 'The number of items of a page.',
    }),
  ),
  cursor: Type.Optional(cursorText('The `next_cursor` of the page before.')),
  before: Type.Optional(cursorText('The `prev_cursor` of a page, to read the one before it.')),
};

/**
 * The query of a list that is whole unless it is asked for in pages: without `limit`, a page has as many items
 * as any.
 */
export const optionalPageQuery = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_PAGE_SIZE,
        description:
          `The number of items of a page, ${DEFAULT_PAGE_SIZE} with a cursor and no limit. Without ` +
          'parameters, the list is not paged.',
      }),
    ),
    cursor: paging.cursor,
    before: paging.before,
  },
  { additionalProperties: false },
);

/** The query of a list without filters. */
export const pageQuery = Type.Object(paging, { additionalProperties: false });

type Paging = { readonly limit?: number; readonly cursor?: string; readonly before?: string };

/**
 * The graph's arguments of a page.
 * @throws ProblemError VALIDATION_FAILED when the query has both cursors
 */
export const toPageArguments = ({ limit = DEFAULT_PAGE_SIZE, cursor, before }: Paging) => {
  if (before === undefined) return { first: limit, after: cursor };
  if (cursor === undefined) return { last: limit, before };
  const message = 'must not be given together with cursor';
  throw new ProblemError('VALIDATION_FAILED', { errors: [{ field: 'before', message }] });
};

/**
 * As `toPageArguments`, of a list that is whole unless it is asked for in pages.
 * @throws ProblemError VALIDATION_FAILED when the query has both cursors
 */
export const toOptionalPageArguments = (query: Paging) =>
  Object.keys(query).length === 0 ? { paged: false } : { paged: true, ...toPageArguments(query) };

/** The path parameter of one resource. */
export const idParams = Type.Object({
  id: Type.String({
    maxLength: MAX_PARAM,
    description: 'A UUID. Any other value is 404.',
    ...documented({ format: 'uuid', examples: [EXAMPLE_ID] }),
  }),
});

/**
 * The id in a path, in lower case, as the graph writes ids (RFC 9562, section 4): a response may repeat it, and a
 * repeat of a request in another case gets the same response. Text that is not a UUID identifies nothing: it
 * becomes the nil UUID, so that the graph still checks authorization first.
 */
export const readPathId = ({ id }: Static<typeof idParams>): string =>
  validate(id) ? id.toLowerCase() : NIL;

/** The idempotency key of a request. */
export const idempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    textOf(255, {
      description:
        'Up to 255 characters. For 24 hours a repeat with the same key and body is executed once.',
      minLength: 1,
      examples: ['5f0c2c0e-order-1'],
    }),
  ),
});

/** For routes whose body is optional. The JSON text `null` is a body, and not a valid one. */
export const optionalBody = async (request: FastifyRequest): Promise<void> => {
  if (request.body === undefined) request.body = {};
};
