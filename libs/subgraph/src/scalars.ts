import { CurrencyResolver, DateTimeResolver, SafeIntResolver } from 'graphql-scalars';

/** The scalars of the graph, the same in every subgraph. */
export const scalars = {
  Currency: CurrencyResolver,
  DateTime: DateTimeResolver,
  SafeInt: SafeIntResolver,
};
