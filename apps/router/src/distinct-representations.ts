import type { GraphQLDataSource } from '@apollo/gateway';

type Result = Awaited<ReturnType<GraphQLDataSource['process']>>;
type ResultError = NonNullable<Result['errors']>[number];

/** Representations without repeats, and where each was. */
export type DistinctRepresentations = {
  readonly values: readonly unknown[];
  /** For each representation of the request, its index in `values`. */
  readonly positions: readonly number[];
};

/**
 * Finds the distinct representations of a request for entities: of ten orders of the same product, the
 * gateway would ask ten times for it.
 * @returns null when there are no repeats
 */
export const findDistinct = (representations: unknown): DistinctRepresentations | null => {
  if (!Array.isArray(representations) || representations.length < 2) return null;
  const indices = new Map<string, number>();
  const values: unknown[] = [];
  const positions = representations.map((representation: unknown) => {
    // The gateway writes the fields of all representations of a request in one order.
    const text = JSON.stringify(representation);
    const index = indices.get(text) ?? values.push(representation) - 1;
    indices.set(text, index);
    return index;
  });
  return values.length < positions.length ? { values, positions } : null;
};

/** An error of an entity is one of each representation that it was asked for. */
const repeatError = (error: ResultError, positions: readonly number[]): readonly ResultError[] => {
  const [field, index, ...rest] = error.path ?? [];
  if (field !== '_entities' || typeof index !== 'number') return [error];
  return positions.flatMap((position, original) =>
    position === index ? [{ ...error, path: [field, original, ...rest] }] : [],
  );
};

/**
 * Expands the result for distinct representations to that for all of them. Each entity is an object of
 * its own: the gateway changes them.
 */
export const repeatEntities = (
  result: Result,
  { values, positions }: DistinctRepresentations,
): Result => {
  const entities: unknown = result.data?.['_entities'];
  const isComplete = Array.isArray(entities) && entities.length === values.length;
  return {
    ...result,
    // A result of another length is the gateway's to reject.
    ...(isComplete && {
      data: {
        ...result.data,
        _entities: positions.map((index) => structuredClone(entities[index] as unknown)),
      },
    }),
    ...(result.errors && {
      errors: result.errors.flatMap((error) => repeatError(error, positions)),
    }),
  };
};
