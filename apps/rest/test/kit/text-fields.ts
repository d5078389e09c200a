import type { FastifyInstance, InjectOptions } from 'fastify';

type Schema = {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
};

type Parameter = {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly required?: boolean;
  readonly schema: Schema;
};

type Operation = {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: Schema }>> };
};

type Part = Parameter['in'] | 'body';

/** A place in the API where a client may write a text. */
export type TextField = {
  /** `POST /v1/auth/login body email`. */
  readonly place: string;
  readonly part: Part;
  readonly name: string;
  /** How many characters it may have; null when the document does not say. */
  readonly maxLength: number | null;
  /** A list in a query: commas separate its texts. */
  readonly isList: boolean;
  readonly makeRequest: (value: string) => InjectOptions;
};

/** The least that a required value may be. */
const sample = (schema: Schema): unknown => {
  const [first] = schema.anyOf ?? [];
  if (first) return sample(first);
  if (schema.enum) return schema.enum[0];
  if (schema.type === 'array') return [sample(schema.items ?? {})];
  if (schema.type === 'object') return sampleObject(schema);
  return schema.type === 'integer' ? 1 : schema.maxLength === 3 ? 'EUR' : 'x';
};

const sampleObject = ({ properties = {}, required = [] }: Schema): Record<string, unknown> =>
  Object.fromEntries(required.map((name) => [name, sample(properties[name] ?? {})]));

type Leaf = {
  readonly path: string;
  readonly maxLength: number | null;
  readonly put: (value: string) => unknown;
};

const findLeaves = (path: string, schema: Schema): readonly Leaf[] => {
  if (schema.anyOf) return schema.anyOf.flatMap((one) => findLeaves(path, one));
  if (schema.type === 'array') {
    // A list without a greatest length is as bad as a text without one.
    const limit = schema.maxItems === undefined ? { maxLength: null } : {};
    return findLeaves(path, schema.items ?? {}).map((leaf) => ({
      ...leaf,
      ...limit,
      put: (value) => [leaf.put(value)],
    }));
  }
  if (schema.type === 'object') {
    return Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      findLeaves(path === '' ? name : `${path}.${name}`, property).map((leaf) => ({
        ...leaf,
        put: (value) => ({ ...sampleObject(schema), [name]: leaf.put(value) }),
      })),
    );
  }
  const isText = schema.type === 'string' && !schema.enum;
  return isText ? [{ path, maxLength: schema.maxLength ?? null, put: (value) => value }] : [];
};

const findFieldsOf = (path: string, method: string, operation: Operation): readonly TextField[] => {
  const { requestBody } = operation;
  // The others are of every request: a text that does not fit them is ignored.
  const parameters = (operation.parameters ?? []).filter(
    (one): one is Parameter => !('$ref' in one),
  );
  const body = requestBody?.content['application/json']?.schema;

  const make = (part: Part, name: string, value: string, payload: unknown): InjectOptions => {
    const at = (one: Parameter) => (one.in === part && one.name === name ? value : 'x');
    const required = parameters.filter(
      (one) => one.required || (one.in === part && one.name === name),
    );
    const of = (wanted: Part) => required.filter((one) => one.in === wanted);
    const url = path.replace(/\{(\w+)\}/g, (_, parameter: string) =>
      encodeURIComponent(part === 'path' && parameter === name ? value.toWellFormed() : 'x'),
    );
    const query = Object.fromEntries(of('query').map((one) => [one.name, at(one).toWellFormed()]));
    const headers = Object.fromEntries(of('header').map((one) => [one.name, at(one)]));
    return {
      method: method.toUpperCase() as 'POST',
      url: `${url}?${new URLSearchParams(query).toString()}`,
      headers: body ? { ...headers, 'content-type': 'application/json' } : headers,
      ...(body && { payload: JSON.stringify(payload) }),
    };
  };

  const base = body && sampleObject(body);
  return [
    ...parameters.flatMap((parameter) =>
      findLeaves(parameter.name, parameter.schema).map(({ maxLength }) => ({
        place: `${method.toUpperCase()} ${path} ${parameter.in} ${parameter.name}`,
        part: parameter.in,
        isList: parameter.schema.type === 'array',
        name: parameter.name,
        maxLength,
        makeRequest: (value: string) => make(parameter.in, parameter.name, value, base),
      })),
    ),
    ...findLeaves('', body ?? {}).map(({ path: name, maxLength, put }) => ({
      place: `${method.toUpperCase()} ${path} body ${name}`,
      part: 'body' as const,
      isList: false,
      name,
      maxLength,
      makeRequest: (value: string) => make('body', name, value, put(value)),
    })),
  ];
};

/** Every place where a client may write a text, from the document: a new one is found without a change. */
export const findTextFields = async (app: FastifyInstance): Promise<readonly TextField[]> => {
  const document = (await app.inject('/openapi.json')).json<{
    paths: Record<string, Record<string, Operation>>;
  }>();
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) =>
      findFieldsOf(path, method, operation),
    ),
  );
};
