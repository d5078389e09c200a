import { validationFailed, type ValidationFailed } from '@cartograph/errors';
import { z } from 'zod';

/**
 * Checks the input of a domain function.
 * @returns the value that the schema makes of it, or every fault at once as data
 */
export const validate = <Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): z.output<Schema> | ValidationFailed => {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  // One fault a field: the first is the plainest, and the others often follow from it.
  const faults = new Map<string, string>();
  for (const { path, message } of result.error.issues) {
    const field = path.join('.');
    if (!faults.has(field)) faults.set(field, message);
  }
  return validationFailed([...faults].map(([path, message]) => ({ path, message })));
};

/** A code point has one or two UTF-16 units. */
const MAX_UNITS = 2;

/**
 * Whether a text has no more code points than `max`. The units are compared first, which costs the
 * same for a text of any length; code points are counted in a text of at most twice `max` units.
 */
export const isWithin = (value: string, max: number): boolean =>
  value.length <= max || (value.length <= MAX_UNITS * max && [...value].length <= max);

/** Whether a text has `min` code points or more. */
const isAtLeast = (value: string, min: number): boolean =>
  value.length >= MAX_UNITS * min || [...value].length >= min;

/** Ends the checks of a value: what follows never sees a text that is too long, or broken. */
const last = (error: string) => ({ error, abort: true });

/**
 * Text that Postgres can hold: it has no NUL, and no half of a surrogate pair, which would be kept
 * as another character. Lengths are in code points. The length is the first thing that is checked,
 * and a check that fails is the last: rules that are added behind run on a text of bounded length.
 */
export const text = (min: number, max: number): z.ZodString =>
  z
    .string()
    .refine((value) => isWithin(value, max), last(`must have ${max} characters or fewer`))
    .refine((value) => isAtLeast(value, min), last(`must have ${min} characters or more`))
    .refine((value) => !value.includes('\0'), last('must not contain the NUL character'))
    .refine((value) => value.isWellFormed(), last('must not contain half a character'));

/** A whole number of units within bounds, both included. */
export const wholeNumber = (min: number, max: number): z.ZodType<number, number> =>
  z
    .int('must be a whole number')
    .min(min, `must be ${min} or more`)
    .max(max, `must be ${max} or less`);

/** A list of `min` to `max` items. It is counted before the first item is looked at. */
export const list = <Item extends z.ZodType>(
  item: Item,
  min: number,
  max: number,
): z.ZodType<readonly z.output<Item>[], readonly z.input<Item>[]> =>
  z
    .custom<readonly z.input<Item>[]>(Array.isArray, last('must be a list'))
    .refine(({ length }) => length <= max, last(`must have ${max} or fewer`))
    .refine(({ length }) => length >= min, last(`must have ${min} or more`))
    .pipe(z.array(item).readonly());

/** How long a UUID is when it is written down: RFC 9562, section 4. */
const ID_LENGTH = 36;

/** An id of ours, in lower case. */
export const id = (): z.ZodType<string, string> =>
  z
    .string()
    .refine((value) => value.length === ID_LENGTH, last('is not an id'))
    .check(z.uuid(last('is not an id')))
    .toLowerCase();
