import { readdirSync, readFileSync } from 'node:fs';
import { problemCatalogue, problemTypeName, type ProblemCode } from '@cartograph/errors';
import { describe, expect, it } from 'vitest';
import {
  buildSchema,
  getNamedType,
  isInputObjectType,
  isObjectType,
  isUnionType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type GraphQLArgument,
  type GraphQLObjectType,
  type GraphQLField,
} from 'graphql';
import { toFieldName, toParameterName } from '../src/graph/field-names.ts';
import { PARAMETERS, UNREAD } from './kit/graph-members.ts';
import { ROUTES } from './kit/graph-routes.ts';

type Response = {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly examples?: object }>>;
};

type Schema = {
  readonly type?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
};

type Operation = {
  readonly responses: Readonly<Record<string, Response>>;
  readonly parameters?: readonly { readonly in?: string; readonly name?: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
};

type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
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

const folder = new URL('../operations/', import.meta.url);

/** The operations that the API sends. */
const operations = parse(
  readdirSync(folder)
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n'),
);

/** The fields that the operations select, and the arguments that they give: `Query.order`, `Query.order.id`. */
const listUsed = (): ReadonlySet<string> => {
  const used = new Set<string>();
  const info = new TypeInfo(schema);
  const at = () => `${info.getParentType()?.name}.${info.getFieldDef()?.name}`;
  const visitor = {
    Field: () => void used.add(at()),
    Argument: () => void used.add(`${at()}.${info.getArgument()?.name}`),
  };
  visit(operations, visitWithTypeInfo(info, visitor));
  return used;
};

const used = listUsed();

/** The fields of the public graph, without those of problems, which `unwrapOrThrow` translates as a whole. */
const members = Object.values(schema.getTypeMap())
  .filter((type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'))
  .filter((type) => !type.getInterfaces().some(({ name }) => name === 'Problem'))
  .flatMap((type) =>
    Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field] as const),
  );

const isRoot = (name: string): boolean => /^(?:Query|Mutation)\./.test(name);

describe('the fields of the graph', () => {
  it('are read by an operation of the API, or have a reason why not', () => {
    const unread = members.map(([name]) => name).filter((name) => !used.has(name) && !isRoot(name));
    expect(unread.sort()).toEqual(Object.keys(UNREAD).sort());
  });
});

/** The inputs of an argument, by their path: those of its fields, where it has any. */
const listInputs = ({ name, type }: Pick<GraphQLArgument, 'name' | 'type'>): readonly string[] => {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return [name];
  return Object.values(named.getFields()).flatMap((field) =>
    listInputs(field).map((path) => `${name}.${path}`),
  );
};

/** Every member of a body by its path, without the indexes of lists. */
const listMembers = ({ items, properties = {} }: Schema): readonly string[] => [
  ...(items ? listMembers(items) : []),
  ...Object.entries(properties).flatMap(([name, member]) => [
    name,
    ...listMembers(member).map((path) => `${name}.${path}`),
  ]),
];

/** What a request of a route may say: its parameters, and the members of its body. */
const listSayable = (route: string): readonly string[] => {
  const [method = '', path = ''] = route.split(' ');
  const { parameters = [], requestBody } = document.paths[path]?.[method.toLowerCase()] ?? {};
  const [media] = Object.values(requestBody?.content ?? {});
  return [
    ...parameters.flatMap(({ name }) => name ?? []),
    ...(media ? ['the body', ...listMembers(media.schema)] : []),
  ];
};

/** The routes that read a field: those of the root field, or of the account that has it. */
const routesOf = (name: string): readonly string[] => {
  const row = ROUTES[name];
  if (row) return 'missing' in row ? [] : row;
  const owner = name.startsWith('User.') ? ['Query.me', 'Query.user'] : [];
  return owner.flatMap((field) => routesOf(field));
};

describe('the arguments of the graph', () => {
  const rows = members.flatMap(([name, field]) =>
    field.args.flatMap((argument) => listInputs(argument).map((path) => [name, path] as const)),
  );

  it('have no row too many', () => {
    const known = new Set(rows.map(([name, path]) => `${name}.${path}`));
    expect(Object.keys(PARAMETERS).filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(rows)('%s(%s) has a parameter, or a member of the body', (name, path) => {
    const own = PARAMETERS[`${name}.${path}`];
    if (own && typeof own === 'object') return expect(own.missing).not.toBe('');
    const short = path.replace(/^input\./, '');
    const wanted = own ?? toParameterName(short) ?? toFieldName(short);
    const sayable = routesOf(name).flatMap(listSayable);
    // Its field may be selected without it.
    const [argument] = path.split('.');
    expect([...used]).toContain(`${name}.${argument}`);
    return expect(sayable).toContain(wanted);
  });
});
