import { currentSignal, runToCompletion, throwIfCancelled } from '@cartograph/resilience';
import type { ResolverMap } from './access-rules.ts';

type Resolver = (...args: readonly unknown[]) => unknown;

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value;

/** Not called for a request that was cancelled; what fails because it is cancelled says so. */
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

/** Not begun for a request that was cancelled; once begun, it runs to its end. */
const writeToCompletion =
  (resolve: Resolver): Resolver =>
  (...args) => {
    throwIfCancelled();
    return runToCompletion(() => resolve(...args));
  };

/** `__resolveReference` reads; `__resolveType` and the like have nothing to stop. */
const isResolver = (name: string): boolean =>
  name === '__resolveReference' || !name.startsWith('__');

/**
 * Makes resolvers that stop when their request is cancelled: graphql-js 16 goes on until the last
 * field. Reads are not begun any more, and what they wait for is aborted. A field of Mutation that has
 * begun is never cut: it commits, or rolls back, as if its client were there, and the fields after it
 * are not begun.
 */
export const stopWhenCancelled = (resolvers: ResolverMap): ResolverMap =>
  Object.fromEntries(
    Object.entries(resolvers).map(([type, fields]) => {
      // Scalars are objects of a class; they resolve nothing.
      if (Object.getPrototypeOf(fields) !== Object.prototype) return [type, fields];
      const wrap = type === 'Mutation' ? writeToCompletion : readUntilCancelled;
      const wrapped = Object.entries(fields as Record<string, unknown>).map(([name, resolve]) => [
        name,
        typeof resolve === 'function' && isResolver(name) ? wrap(resolve as Resolver) : resolve,
      ]);
      return [type, Object.fromEntries(wrapped)];
    }),
  );
