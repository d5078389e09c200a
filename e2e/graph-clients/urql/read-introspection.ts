import { readFileSync } from 'node:fs';
import { buildSchema, introspectionFromSchema, type IntrospectionQuery } from 'graphql';

/**
 * Reads what the cache has to know of the schema: do it at build time, and write it as JSON.
 * @param file `api.graphql`
 */
export const readIntrospection = (file: string): IntrospectionQuery =>
  introspectionFromSchema(buildSchema(readFileSync(file, 'utf8')), { descriptions: false });
