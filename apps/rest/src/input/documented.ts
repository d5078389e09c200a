/** The key that `documented` writes; the OpenAPI document has its members instead of it. */
export const DOCUMENTED = 'x-documented';

/** The key that marks a body that a client may leave out. */
export const OPTIONAL_BODY = 'x-optional-body';

/** Keywords of JSON Schema about one value. */
export type Facts = {
  readonly format?: 'date-time' | 'idn-email' | 'uri' | 'uri-reference' | 'uuid';
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly not?: { readonly const: unknown };
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
};

/**
 * Adds to a schema what only the OpenAPI document says. REST does not check it: the graph does, and
 * returns all faults together, or the value identifies nothing, which is 404.
 */
export const documented = (facts: Facts): { readonly [DOCUMENTED]: Facts } => ({
  [DOCUMENTED]: facts,
});
