/** The fields of an answer that are moments; JSON made texts of them. */
const MOMENTS: ReadonlySet<string> = new Set(['at', 'createdAt', 'reservedUntil', 'updatedAt']);

const revive = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      MOMENTS.has(name) && typeof inner === 'string' ? new Date(inner) : revive(inner),
    ]),
  );
};

/** An answer as it was given, from what JSON kept of it: an order, or a problem that may hold one. */
export const reviveAnswer = <Result>(stored: unknown): Result => revive(stored) as Result;
