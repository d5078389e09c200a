import type { Resolvers } from '../generated/resolvers.ts';
import { Mutation } from './mutation.ts';
import { Product, ProductConnection } from './product.ts';
import { Query } from './query.ts';
import { StockMovement } from './stock-movement.ts';

/** Every resolver of the product subgraph. */
export const resolvers: Resolvers = { Mutation, Product, ProductConnection, Query, StockMovement };
