/** SQLSTATE class 23: integrity constraint violation (PostgreSQL documentation, appendix A). */
const INTEGRITY_VIOLATION = /^23/;

type Violation = { readonly code: string; readonly text: string };

/** The violation as pg reports it, or as Prisma wraps it; null for any other error. */
const readViolation = (error: unknown): Violation | null => {
  const { code, constraint, meta } = (error ?? {}) as {
    code?: string;
    constraint?: string;
    meta?: {
      driverAdapterError?: { cause?: { originalCode?: string; originalMessage?: string } };
    };
  };
  if (constraint !== undefined) return { code: code ?? '', text: constraint };
  // Prisma passes on the message of Postgres, which contains the name in every language.
  const cause = meta?.driverAdapterError?.cause;
  return cause ? { code: cause.originalCode ?? '', text: cause.originalMessage ?? '' } : null;
};

/**
 * Makes a handler for `catch` that translates the violation of one named constraint, next to the
 * statement that can violate it. Any other error is thrown again.
 * @param name as in the migration: `users_email_key`
 */
export const onConstraint =
  <Result>(name: string, translate: () => Result) =>
  (error: unknown): Result => {
    const violation = readViolation(error);
    const isNamed = new RegExp(`(?<!\\w)${name}(?!\\w)`).test(violation?.text ?? '');
    if (violation && INTEGRITY_VIOLATION.test(violation.code) && isNamed) return translate();
    throw error;
  };
