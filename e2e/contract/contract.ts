import { readFileSync } from 'node:fs';

/** A schema of a request, as far as values are made from it. */
export type Schema = {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly not?: { readonly const: unknown };
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
};

export type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
  /** Of every request: a value that breaks its schema is ignored, and not refused. */
  readonly isOfEvery: boolean;
};

type Reference = { readonly $ref: string };

type Parameters = Readonly<Record<string, Omit<Parameter, 'isOfEvery'>>>;

type Operation = {
  readonly parameters?: readonly (Omit<Parameter, 'isOfEvery'> | Reference)[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
};

/** An operation of the committed OpenAPI document. */
export type Route = {
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  /** `GET /v1/orders/{id}` */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly isRequired: boolean; readonly schema: Schema } | null;
};

const FILE = new URL('../../apps/rest/openapi.json', import.meta.url);

/** The committed OpenAPI document. */
export const readContract = (): object => JSON.parse(readFileSync(FILE, 'utf8')) as object;

/** The parameters of every request are named parts of the document, and the only ones. */
const follow = (one: Omit<Parameter, 'isOfEvery'> | Reference, named: Parameters): Parameter => {
  if (!('$ref' in one)) return { ...one, isOfEvery: false };
  const found = named[one.$ref.split('/').at(-1) ?? ''];
  if (!found) throw new Error(`${one.$ref} names nothing`);
  return { ...found, isOfEvery: true };
};

/** Every operation of the document, in its order. */
export const listRoutes = (contract: object): readonly Route[] => {
  const { paths, components } = contract as {
    paths: Record<string, Record<string, Operation>>;
    components: { parameters: Parameters };
  };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([name, { parameters: given = [], requestBody }]) => {
      const method = name.toUpperCase();
      const parameters = given.map((one) => follow(one, components.parameters));
      const [media] = Object.values(requestBody?.content ?? {});
      const body =
        requestBody && media ? { isRequired: requestBody.required, schema: media.schema } : null;
      return { method, path, name: `${method} ${path}`, parameters, body };
    }),
  );
};
