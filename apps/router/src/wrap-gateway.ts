import type { ApolloServerOptions } from '@apollo/server';
import type { Context } from './make-subgraph-source.ts';

export type Gateway = NonNullable<ApolloServerOptions<Context>['gateway']>;

/** The header of a request for the gateway's plan, which it adds to the result outside of production. */
export const PLAN_HEADER = 'apollo-query-plan-experimental';

/** Executes a request of Apollo Server. */
export type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;

/** Wraps a gateway. @param wrap makes the executor that Apollo Server calls, from the gateway's */
export const wrapGateway = (gateway: Gateway, wrap: (executor: Executor) => Executor): Gateway => ({
  load: async (options) => {
    const loaded = await gateway.load(options);
    if (!loaded.executor) throw new Error('the gateway has no executor');
    return { ...loaded, executor: wrap(loaded.executor) };
  },
  onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
  stop: () => gateway.stop(),
});
