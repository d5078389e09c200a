import { argumentError, validationFailed, type ValidationFailed } from '@cartograph/errors';
import { z } from 'zod';

/**
 * Checks the input of a domain function.
 * @returns the parsed value, or all faults as data
 */
export const validate = <Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): z.output<Schema> | ValidationFailed => {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  // One fault per field: the later ones often follow from the first.
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
 * Whether a text has at most `max` code points. Code points are counted only in a text of at most
 * twice as many UTF-16 units, so the cost does not depend on the length of the text.
 */
export const isWithin = (value: string, max: number): boolean =>
  value.length <= max || (value.length <= MAX_UNITS * max && [...value].length <= max);

/** Whether a text has `min` code points or more. */
const isAtLeast = (value: string, min: number): boolean =>
  value.length >= MAX_UNITS * min || [...value].length >= min;

/** Stops at this check: later checks never run on a text that is too long or malformed. */
const last = (error: string) => ({ error, abort: true });

/**
 * Text that Postgres can store: without NUL and without lone surrogates, which would be stored as
 * another character. Lengths are in code points. The length is checked first, and the first failed
 * check is the last: rules that a caller adds run on a text of bounded length.
 */
export const text = (min: number, max: number): z.ZodString =>
  z
    .string()
    .refine((value) => isWithin(value, max), last(`must have ${max} characters or fewer`))
    .refine((value) => isAtLeast(value, min), last(`must have ${min} characters or more`))
    .refine((value) => !value.includes('\0'), last('must not contain the NUL character'))
    .refine((value) => value.isWellFormed(), last('must not contain an unpaired surrogate'));

/** An integer from `min` to `max`. */
export const wholeNumber = (min: number, max: number): z.ZodType<number, number> =>
  z
    .int('must be a whole number')
    .min(min, `must be ${min} or more`)
    .max(max, `must be ${max} or less`);

/** A list of `min` to `max` items. The length is checked before the items. */
export const list = <Item extends z.ZodType>(
  item: Item,
  min: number,
  max: number,
): z.ZodType<readonly z.output<Item>[], readonly z.input<Item>[]> =>
  z
    .custom<readonly z.input<Item>[]>(Array.isArray, last('must be an array'))
    .refine(({ length }) => length <= max, last(`must have ${max} items or fewer`))
    .refine(({ length }) => length >= min, last(`must have ${min} items or more`))
    .pipe(z.array(item).readonly());

/** The length of a UUID as text: RFC 9562, section 4. */
const ID_LENGTH = 36;

/** A UUID, in lower case. */
export const id = (): z.ZodType<string, string> =>
  z
    .string()
    .refine((value) => value.length === ID_LENGTH, last('is not an id'))
    .check(z.uuid(last('is not an id')))
    .toLowerCase();

/** An input as a client may send it: with null in fields that are optional but not nullable. */
export type OrNull<Input, Fields extends keyof Input> = Omit<Input, Fields> & {
  readonly [Field in Fields]?: Input[Field] | null | undefined;
};

/**
 * Refuses an explicit null in a field of a mutation's `input` that is optional but not nullable. GraphQL distinguishes the
 * two (October 2021, section 2.9.5). A null there means that the client lost its value: treating it
 * as absent would do too much, or nothing.
 * @param fields what the absence of each field means, for the error message
 * @throws ShopError BAD_USER_INPUT that names the first such field
 */
export const refuseNull = <Input extends object>(
  input: Input,
  fields: Readonly<Partial<Record<keyof Input & string, string>>>,
): void => {
  for (const [name, meaning] of Object.entries<string | undefined>(fields)) {
    if (name in input && (input as Record<string, unknown>)[name] === null) {
      const fault = `must not be null: leave it out ${meaning ?? ''}`.trimEnd();
      throw argumentError(`input.${name}`, fault, `${name} ${fault}`);
    }
  }
};
