/** A JSON Schema of an OpenAPI document, as far as it is compared. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly not?: object;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
};

/** What a `$ref` of one document names. */
export type Resolve = <Part extends object>(part: Part) => Part;

/**
 * Makes the function that follows references within a document: `#/components/schemas/Order`.
 * @throws when a reference names nothing
 */
export const makeResolve =
  (document: object): Resolve =>
  <Part extends object>(part: Part): Part => {
    if (!('$ref' in part) || typeof part.$ref !== 'string') return part;
    const found = part.$ref
      .slice(2)
      .split('/')
      .reduce<unknown>(
        (node, key) => (node as Record<string, unknown> | undefined)?.[key],
        document,
      );
    if (typeof found !== 'object' || found === null) throw new Error(`${part.$ref} names nothing`);
    return found as Part;
  };

/** Joins the parts of `allOf`: the members of all, the last definition of each. */
const joinParts = (schema: Schema, resolve: Resolve): Schema => {
  const { allOf, ...own } = resolve(schema);
  if (!allOf) return own;
  return allOf
    .map((part) => joinParts(part, resolve))
    .reduce(
      (joined, part) => ({
        ...joined,
        ...part,
        properties: { ...joined.properties, ...part.properties },
        required: [...(joined.required ?? []), ...(part.required ?? [])],
      }),
      own,
    );
};

/** The schemas of which a value fits one: those of `anyOf` and `oneOf`, without references. */
export const listVariants = (schema: Schema, resolve: Resolve): readonly Schema[] => {
  const joined = joinParts(schema, resolve);
  const variants = joined.anyOf ?? joined.oneOf;
  return variants ? variants.flatMap((one) => listVariants(one, resolve)) : [joined];
};
