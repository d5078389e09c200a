import { currentSignal, runToCompletion, throwIfCancelled } from '@cartograph/resilience';
import type { ResolverMap } from './access-rules.ts';

type Resolver = (...args: readonly unknown[]) => unknown;

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value;

/** Not called for a cancelled request; fails with the reason of the cancellation. */
const readUntilCancelled =
  (resolve: Resolver): Resolver =>
  (...args) => {
    const signal = currentSignal();
    signal?.throwIfAborted();
    const result = resolve(...args);
    if (!signal || !isPromise(result)) return result;
    return result.catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  };

/** Not begun for a cancelled request; once begun, it is completed. */
const writeToCompletion =
  (resolve: Resolver): Resolver =>
  (...args) => {
    throwIfCancelled();
    return runToCompletion(() => resolve(...args));
  };

/** `__resolveReference` reads data; `__resolveType` and the like do not. */
const isResolver = (name: string): boolean =>
  name === '__resolveReference' || !name.startsWith('__');

/**
 * Makes resolvers that stop when their request is cancelled; graphql-js 16 continues to the last
 * field. Reads that have begun are aborted, later ones are not begun. A field of Mutation that has
 * begun commits or rolls back as without the cancellation; the fields after it are not begun.
 */
export const stopWhenCancelled = (resolvers: ResolverMap): ResolverMap =>
  Object.fromEntries(
    Object.entries(resolvers).map(([type, fields]) => {
      // Scalars are instances of a class, without resolvers.
      if (Object.getPrototypeOf(fields) !== Object.prototype) return [type, fields];
      const wrap = type === 'Mutation' ? writeToCompletion : readUntilCancelled;
      const wrapped = Object.entries(fields as Record<string, unknown>).map(([name, resolve]) => [
        name,
        typeof resolve === 'function' && isResolver(name) ? wrap(resolve as Resolver) : resolve,
      ]);
      return [type, Object.fromEntries(wrapped)];
    }),
  );
