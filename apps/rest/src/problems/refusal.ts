import { errorCatalogue, problemCatalogue } from '@cartograph/errors';
import type { Code } from './statuses.ts';

/** One field that is not allowed, in the words of this door: `items.0.qty`. */
export type FieldError = { readonly field: string; readonly message: string };

/** What a refusal can say beyond its code. */
export type RefusalDetails = {
  /** A sentence about this request; that of the first field, or of the code, when not given. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** When to come back: the `Retry-After` header (RFC 9110, section 10.2.3). */
  readonly retryAfterSeconds?: number;
  /** What the client needs to act: extension members of RFC 9457, section 3.2. */
  readonly extensions?: Readonly<Record<string, unknown>>;
};

const sentences = { ...problemCatalogue, ...errorCatalogue };

/** The catalogue's sentence about a code. */
export const sentenceOf = (code: Code): string => sentences[code];

const describe = (code: Code, [first]: readonly FieldError[]): string =>
  first ? `${first.field}: ${first.message}` : sentenceOf(code);

/** Ends the request with a problem that the client is told all of. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: Code;
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(code: Code, details: RefusalDetails = {}) {
    const { detail, errors = [], retryAfterSeconds, extensions = {} } = details;
    super(detail ?? describe(code, errors));
    this.code = code;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
    this.extensions = extensions;
  }
}
