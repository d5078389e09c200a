import {
  GraphQLError,
  Kind,
  visit,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type NameNode,
  type SelectionNode,
} from 'graphql';

/**
 * The prefix of a client's name inside the gateway. Names of clients that already begin with it get it
 * too, so that two names never become one.
 */
const PREFIX = 'client_';

/** The field that is added to a selection set in which every selection has a condition. */
const FILLER = PREFIX;

const PREFIXED = new RegExp(`\\b${PREFIX}\\w+`, 'g');

/** Variables in the gateway's requests to subgraphs. */
const GATEWAY_VARIABLE = /^representations$|^contextualArgument_/;

/** Response names of the gateway: of introspection and entities, and of its own aliases. */
const GATEWAY_ALIAS = /^_|__alias_\d+$/;

/** A document for the gateway, and the functions that restore the client's names in its response. */
export type HiddenNames = {
  readonly document: DocumentNode;
  /** Renames the values of variables like their definitions. Of the others, some are left out. */
  readonly hideVariables: (values: Record<string, unknown>) => Record<string, unknown>;
  /** Restores the client's response names in the data. */
  readonly revealData: <Data>(data: Data) => Data;
  readonly revealErrors: (errors: readonly GraphQLError[]) => readonly GraphQLError[];
  /** Restores the client's names in extensions, which are JSON with names in their texts. */
  readonly revealExtensions: <Extensions>(extensions: Extensions) => Extensions;
};

const readFieldNames = (supergraph: DocumentNode): ReadonlySet<string> => {
  const names = new Set<string>();
  const enter = ({ name }: FieldDefinitionNode): void => {
    if (name.value.startsWith(PREFIX)) throw new Error(`no field may be called ${name.value}`);
    names.add(name.value);
  };
  visit(supergraph, { FieldDefinition: enter });
  return names;
};

const filler: FieldNode = {
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: FILLER },
  name: { kind: Kind.NAME, value: '__typename' },
};

const isConditional = ({ directives = [] }: SelectionNode): boolean => directives.length > 0;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const renameKeys = (value: unknown, names: ReadonlyMap<string, string>): unknown => {
  if (Array.isArray(value)) return value.map((item) => renameKeys(item, names));
  if (!isObject(value)) return value;
  // Without a prototype, a client may call a field `__proto__`.
  const renamed = Object.create(null) as Record<string, unknown>;
  for (const [key, inner] of Object.entries(value)) {
    if (key === FILLER) continue;
    renamed[names.get(key) ?? key] = renameKeys(inner, names);
  }
  return renamed;
};

/**
 * Makes the renaming that separates the names in a client's operation (aliases, variables) from those
 * that the gateway adds to its requests to subgraphs. The gateway merges responses by response name: with
 * `{ me { id: email orders { ... } } }` it used the e-mail address as the account's key.
 * Aliases that are the name of any field of the supergraph get a name that no field has, also where
 * this is not needed: so it does not depend on which fields are keys or required.
 * A selection set that may be empty, as every selection in it has a condition, gets one without: the
 * gateway would omit the object around it, or return null for the whole operation.
 * Its time is linear in the length of the document; the result depends on nothing else.
 * @throws Error when a field of the supergraph has the prefix of hidden names
 */
export const makeNameHider = (
  supergraph: DocumentNode,
): ((document: DocumentNode) => HiddenNames) => {
  const fieldNames = readFieldNames(supergraph);

  const isPrivate = (alias: string): boolean =>
    fieldNames.has(alias) || GATEWAY_ALIAS.test(alias) || alias.startsWith(PREFIX);

  const isPrivateVariable = (name: string): boolean =>
    name.startsWith('_') || GATEWAY_VARIABLE.test(name) || name.startsWith(PREFIX);

  return (original) => {
    const aliases = new Map<string, string>();
    const variables = new Map<string, string>();
    let hasFillers = false;

    const hide = (node: NameNode, names: Map<string, string>): NameNode => {
      const value = `${PREFIX}${node.value}`;
      names.set(value, node.value);
      return { ...node, value };
    };
    const document: DocumentNode = visit(original, {
      [Kind.SELECTION_SET]: (node) => {
        if (!node.selections.every(isConditional)) return undefined;
        hasFillers = true;
        return { ...node, selections: [filler, ...node.selections] };
      },
      [Kind.FIELD]: (node) =>
        node !== filler &&
        node.alias &&
        node.alias.value !== node.name.value &&
        isPrivate(node.alias.value)
          ? { ...node, alias: hide(node.alias, aliases) }
          : undefined,
      [Kind.VARIABLE]: (node) =>
        isPrivateVariable(node.name.value)
          ? { ...node, name: hide(node.name, variables) }
          : undefined,
    });

    const revealText = (text: string): string =>
      text.replace(PREFIXED, (name) => aliases.get(name) ?? variables.get(name) ?? name);
    const revealTexts = (value: unknown): unknown => {
      if (typeof value === 'string') return revealText(value);
      if (Array.isArray(value)) return value.map(revealTexts);
      if (value instanceof GraphQLError) return revealTexts(value.toJSON());
      if (!isObject(value)) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, revealTexts(inner)]),
      );
    };
    const revealError = (error: GraphQLError): GraphQLError =>
      new GraphQLError(revealText(error.message), {
        nodes: error.nodes ?? null,
        source: error.source ?? null,
        positions: error.positions ?? null,
        path:
          error.path?.map((step) => (typeof step === 'string' ? revealText(step) : step)) ?? null,
        originalError: error.originalError ?? null,
        extensions: error.extensions,
      });
    const hasNames = aliases.size + variables.size > 0;

    return {
      document,
      hideVariables: (values) => {
        if (variables.size === 0) return values;
        const hidden = Object.create(null) as Record<string, unknown>;
        for (const [name, value] of Object.entries(values)) {
          const hiddenName = `${PREFIX}${name}`;
          if (variables.has(hiddenName)) hidden[hiddenName] = value;
          // No definition has such a name: its value could replace that of a hidden one.
          else if (!name.startsWith(PREFIX)) hidden[name] = value;
        }
        return hidden;
      },
      revealData: <Data>(data: Data) =>
        aliases.size > 0 || hasFillers ? (renameKeys(data, aliases) as Data) : data,
      revealErrors: (errors) => (hasNames ? errors.map(revealError) : errors),
      revealExtensions: <Extensions>(extensions: Extensions) =>
        hasNames ? (revealTexts(extensions) as Extensions) : extensions,
    };
  };
};
