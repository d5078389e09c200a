import { compactText } from './compact-text.ts';
import type { TypedText } from './document-type.ts';

/** An operation as it is sent. */
export type Operation = {
  readonly text: string;
  /** The id under which a router knows it (SHA-256 of the text); null for operations of applications. */
  readonly id: string | null;
  readonly name: string | null;
  /** Whether it can be executed twice without harm: it has no mutation. */
  readonly isQuery: boolean;
};

const NAMED = /^\s*(?:query|mutation)\s+([_A-Za-z]\w*)/;

const readId = (document: object): string | null => {
  const { __meta__: meta } = document as { readonly __meta__?: { readonly id?: unknown } };
  return typeof meta?.id === 'string' ? meta.id : null;
};

const isText = (document: unknown): boolean =>
  typeof document === 'string' || document instanceof String;

const known = new WeakMap<object, Operation>();

/**
 * Reads a document: one of this library, which has an id, or the text of an application's own.
 * @throws TypeError when it is no text
 */
export const readOperation = (document: TypedText<unknown, never>): Operation => {
  if (!isText(document)) {
    throw new TypeError(
      "the document must be text: set documentMode: 'string' in GraphQL Code Generator",
    );
  }
  const found = known.get(document);
  if (found) return found;
  const id = readId(document);
  const text = id === null ? document.toString() : compactText(document.toString());
  const operation: Operation = {
    text,
    id,
    name: NAMED.exec(text)?.[1] ?? null,
    isQuery: !/\bmutation\b/.test(text),
  };
  if (typeof document === 'object') known.set(document, operation);
  return operation;
};
