import type { Resolvers } from '../generated/resolvers.ts';
import { Mutation } from './mutation.ts';
import { Product } from './product.ts';
import { Query } from './query.ts';

/** Every resolver of the product subgraph. */
export const resolvers: Resolvers = { Mutation, Product, Query };
