import { isCurrency } from '@cartograph/money';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '@cartograph/pagination';
import type { FastifyRequest } from 'fastify';
import {
  Type,
  type Static,
  type TEnum,
  type TInteger,
  type TNull,
  type TSchema,
  type TUnion,
} from 'typebox';
import { NIL, validate } from 'uuid';
import { cursorText, MAX_PARAM, textOf } from './texts.ts';

/** A whole number that GraphQL's Int can carry; what it may be is for the graph to say. */
export const int32 = (description?: string): TInteger =>
  Type.Integer({
    minimum: -2_147_483_648,
    maximum: 2_147_483_647,
    ...(description !== undefined && { description }),
  });

/** A whole number that GraphQL's SafeInt and JSON can carry exactly. */
export const safeInteger = (description?: string): TInteger =>
  Type.Integer({
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    ...(description !== undefined && { description }),
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

/** A currency, as ISO 4217 writes it. */
export const currency = Type.Refine(
  Type.String({ maxLength: 3, description: 'ISO 4217: EUR.' }),
  isCurrency,
  () => 'is not a currency',
);

/** Where in a list to begin, and how much of it to answer. */
export const paging = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: MAX_PAGE_SIZE, default: DEFAULT_PAGE_SIZE }),
  ),
  cursor: Type.Optional(cursorText('The `next_cursor` of the page before.')),
};

/** A list that is only paged. */
export const pageQuery = Type.Object(paging, { additionalProperties: false });

type Paging = { readonly limit?: number; readonly cursor?: string };

/** The graph's arguments of a page. */
export const toPageArguments = ({ limit = DEFAULT_PAGE_SIZE, cursor }: Paging) => ({
  first: limit,
  after: cursor,
});

/** The path of one thing. */
export const idParams = Type.Object({
  id: Type.String({ maxLength: MAX_PARAM, description: 'A UUID.' }),
});

/**
 * The id in a path, as the graph may be asked for it. Text that is no UUID names nothing; the nil
 * UUID stands for it, so that the graph still says first who may ask.
 */
export const readPathId = ({ id }: Static<typeof idParams>): string => (validate(id) ? id : NIL);

/** A client's name for a request, so that a repeat of it is done once. */
export const idempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    textOf(255, {
      description: 'Up to 255 characters. The same key and body do the same thing, once.',
    }),
  ),
});

/** For routes whose body can be left out: whoever has no wish need not say so. */
export const bodyIfAny = async (request: FastifyRequest): Promise<void> => {
  request.body ??= {};
};
