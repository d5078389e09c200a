import { ShopError } from '@cartograph/errors';

/** An input as a client may write it: with null in fields that may only be left out. */
export type OrNull<Input, Fields extends keyof Input> = Omit<Input, Fields> & {
  readonly [Field in Fields]?: Input[Field] | null | undefined;
};

/**
 * Refuses an explicit null for fields that may be left out, but never be cleared. GraphQL tells the
 * two apart (October 2021, section 2.9.5): null there is a client that lost its value, and taking it
 * for "left out" would do more than was asked for, or nothing.
 * @param fields what leaving each field out means, as it is said to the client
 * @throws ShopError BAD_USER_INPUT that names the first such field
 */
export const refuseNull = <Input extends object>(
  input: Input,
  fields: Readonly<Partial<Record<keyof Input & string, string>>>,
): void => {
  for (const [name, meaning] of Object.entries<string | undefined>(fields)) {
    if (name in input && (input as Record<string, unknown>)[name] === null) {
      throw new ShopError(
        'BAD_USER_INPUT',
        `${name} must not be null: leave it out ${meaning ?? ''}`.trimEnd(),
      );
    }
  }
};
