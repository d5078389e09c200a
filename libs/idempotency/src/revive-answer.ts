/**
 * Makes of what JSON kept of an answer the answer as it was given.
 * @param moments the fields that are dates, wherever they are: JSON made texts of them
 */
export const reviveAnswer = (stored: unknown, moments: ReadonlySet<string>): unknown => {
  if (Array.isArray(stored)) return stored.map((one) => reviveAnswer(one, moments));
  if (typeof stored !== 'object' || stored === null) return stored;
  return Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [
      name,
      moments.has(name) && typeof value === 'string'
        ? new Date(value)
        : reviveAnswer(value, moments),
    ]),
  );
};
