/**
 * A row has an enum value that this version does not know: a newer one may have stored it during an
 * upgrade. It has the code with which Prisma fails to read such a row.
 */
class UnknownEnumValueError extends Error {
  override readonly name = 'UnknownEnumValueError';
  readonly code = 'P2023';
}

/**
 * Makes a function that reads a value of an enum of the database.
 * @param name of the enum, for the error
 * @throws as Prisma does (P2023) for a value that this version does not know
 */
export const makeEnumReader = <Value extends string>(
  name: string,
  values: readonly Value[],
): ((text: string) => Value) => {
  const known = new Map<string, Value>(values.map((value) => [value, value]));
  return (text) => {
    const value = known.get(text);
    if (value === undefined)
      throw new UnknownEnumValueError(`${name} has an unknown value: ${text}`);
    return value;
  };
};
