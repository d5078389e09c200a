import type { ASTNode, DocumentNode } from 'graphql';

/** What is wrong with a line of a schema. */
export type Fault = { readonly line: number; readonly rule: string; readonly message: string };

/** A rule of this repository: finds what breaks it in the schema of a subgraph. */
export type Convention = (document: DocumentNode) => readonly Fault[];

export const lineOf = ({ loc }: ASTNode): number => loc?.startToken.line ?? 1;
