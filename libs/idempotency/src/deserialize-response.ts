/**
 * Makes of what JSON kept of an answer the answer as it was given.
 * @param dateFields the fields that are dates, wherever they are: JSON made texts of them
 */
export const deserializeResponse = (stored: unknown, dateFields: ReadonlySet<string>): unknown => {
  if (Array.isArray(stored)) return stored.map((one) => deserializeResponse(one, dateFields));
  if (typeof stored !== 'object' || stored === null) return stored;
  return Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [
      name,
      dateFields.has(name) && typeof value === 'string'
        ? new Date(value)
        : deserializeResponse(value, dateFields),
    ]),
  );
};
