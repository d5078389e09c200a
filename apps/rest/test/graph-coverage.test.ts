import { readFileSync } from 'node:fs';
import { problemCatalogue, problemTypeName, type ProblemCode } from '@cartograph/errors';
import { describe, expect, it } from 'vitest';
import { buildSchema, getNamedType, isUnionType, type GraphQLField } from 'graphql';
import { ROUTES } from './kit/graph-routes.ts';

type Response = {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly examples?: object }>>;
};

type Document = {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Record<string, Response> }>>>
  >;
  readonly components: { readonly responses: Readonly<Record<string, Response>> };
};

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

const schema = buildSchema(read('../../router/api.graphql'));
const document = JSON.parse(read('../openapi.json')) as Document;

const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
  Object.values(type?.getFields() ?? {}).map(
    (field) => [`${type?.name}.${field.name}`, field] as const,
  ),
);

/** The codes of the problems that a mutation returns. */
const codesOf = (field: GraphQLField<unknown, unknown>): readonly string[] => {
  const type = getNamedType(field.type);
  const names = isUnionType(type) ? type.getTypes().map(({ name }) => name) : [];
  return (Object.keys(problemCatalogue) as ProblemCode[]).filter((code) =>
    names.includes(problemTypeName(code)),
  );
};

/** The codes that the document has for a route. */
const documentedCodes = (route: string): readonly string[] => {
  const [method = '', path = ''] = route.split(' ');
  const responses = Object.values(document.paths[path]?.[method.toLowerCase()]?.responses ?? {});
  return responses.flatMap((response) => {
    const name = response.$ref?.split('/').at(-1);
    const { content } = (name && document.components.responses[name]) || response;
    return Object.keys(content?.['application/problem+json']?.examples ?? {});
  });
};

describe('the operations of the graph', () => {
  it('have a row each: the routes that send them, or why there is none', () => {
    expect(Object.keys(ROUTES).sort()).toEqual(fields.map(([name]) => name).sort());
  });

  it('and every route sends one of them', () => {
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const sent = Object.values(ROUTES).flatMap((row) => ('missing' in row ? [] : row));
    expect([...new Set(sent)].sort()).toEqual(routes.sort());
  });

  it.each(fields.filter(([, field]) => codesOf(field).length > 0))(
    '%s has each of its problems in the document',
    (name, field) => {
      const row = ROUTES[name] ?? [];
      for (const route of 'missing' in row ? [] : row) {
        expect(documentedCodes(route)).toEqual(expect.arrayContaining([...codesOf(field)]));
      }
    },
  );
});
