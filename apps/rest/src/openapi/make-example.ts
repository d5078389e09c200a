/** A schema of the document, as far as examples are made from it. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly 'x-optional-body'?: boolean;
};

/** The schemas that a `$ref` names. */
export type Components = Readonly<Record<string, Schema>>;

const REFERENCE = '#/components/schemas/';

/**
 * Makes the example of a schema: its own, or one of the examples of its required members.
 * @throws when there is neither, so that no part of the document is without one
 */
export const makeExample = (schema: Schema, components: Components): unknown => {
  const { $ref, type, examples, properties = {}, required = [], items, anyOf } = schema;
  const named = $ref?.startsWith(REFERENCE) ? components[$ref.slice(REFERENCE.length)] : undefined;
  if (named) return makeExample(named, components);
  if (examples) return examples[0];
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (anyOf?.[0]) return makeExample(anyOf[0], components);
  if (type === 'array' && items) return [makeExample(items, components)];
  if (type === 'boolean') return false;
  if (type === 'object') {
    return Object.fromEntries(
      required.map((name) => [name, makeExample(properties[name] ?? {}, components)]),
    );
  }
  throw new Error(`no example: ${JSON.stringify(schema)}`);
};
