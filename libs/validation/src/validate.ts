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

/**
 * Text that Postgres can hold: it has no NUL, and no half of a surrogate pair, which would be kept
 * as another character. Lengths are in UTF-16 code units.
 */
export const text = (min: number, max: number): z.ZodString =>
  z
    .string()
    .min(min, `must have ${min} characters or more`)
    .max(max, `must have ${max} characters or fewer`)
    .refine((value) => !value.includes('\0'), 'must not contain the NUL character')
    .refine((value) => value.isWellFormed(), 'must not contain half a character');

/** A whole number of units within bounds, both included. */
export const wholeNumber = (min: number, max: number): z.ZodType<number, number> =>
  z
    .int('must be a whole number')
    .min(min, `must be ${min} or more`)
    .max(max, `must be ${max} or less`);

/** An id of ours, in lower case. */
export const id = (): z.ZodType<string, string> => z.uuid('is not an id').toLowerCase();
