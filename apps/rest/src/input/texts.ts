import { isWithin } from '@cartograph/validation';
import { Type, type TRefine, type TString } from 'typebox';

/**
 * A text of at most `max` code points, as the graph and JSON Schema count. TypeBox's own `maxLength`
 * counts what a reader sees as one character: to it a letter with a thousand accents is one. What
 * else a text must be is for the graph to say, which says every fault at once.
 */
export const textOf = (
  max: number,
  options: { readonly description?: string } = {},
): TRefine<TString> =>
  Type.Refine(
    Type.String({ ...options, maxLength: max }),
    (value) => isWithin(value, max),
    () => `must have ${max} characters or fewer`,
  );

/** How long a UUID is when it is written down: RFC 9562, section 4. */
const ID_LENGTH = 36;

/** An id in a body. What is no UUID, the graph refuses under its name. */
export const idText = (): TRefine<TString> => textOf(ID_LENGTH, { description: 'A UUID.' });

/** Longer than any cursor of ours: the longest holds a name of 200 characters. */
const MAX_CURSOR = 2_048;

/** A place in a list. */
export const cursorText = (description: string): TRefine<TString> =>
  textOf(MAX_CURSOR, { description });

/** The longest password. What it may be beyond that is for the graph to say. */
export const MAX_PASSWORD = 128;

/** Fastify's own bound of what a path parameter may have; above it there is nothing at the path. */
export const MAX_PARAM = 100;
