/**
 * What is typed by the results and the variables of an operation. It has the shape that the typed
 * documents of GraphQL tools have, so those of other tools can be used in its place.
 */
export type DocumentTypeDecoration<Result, Variables> = {
  readonly __apiType?: (variables: Variables) => Result;
};

/** The text of an operation, with the types of its results and its variables. */
export type TypedText<Result, Variables> = DocumentTypeDecoration<Result, Variables> & {
  readonly toString: () => string;
};
