/**
 * What is typed by the results and the variables of an operation. It has the shape that GraphQL Code Generator
 * gives to its documents.
 */
export type DocumentTypeDecoration<Result, Variables> = {
  readonly __apiType?: (variables: Variables) => Result;
};

/**
 * The text of an operation, with the types of its results and its variables: a `TypedDocumentString` of
 * `documentMode: 'string'`. A syntax tree, such as a `TypedDocumentNode` or a document of gql.tada, is no text.
 */
export type TypedText<Result, Variables> = DocumentTypeDecoration<Result, Variables> & {
  readonly toString: () => string;
  /** Every object has `toString`, also a syntax tree; only texts have this. */
  readonly trim: () => string;
};
