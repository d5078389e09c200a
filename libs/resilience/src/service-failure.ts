import type { ErrorCode } from '@cartograph/errors';

/** What a failed call says of the service that was called. */
export type Verdict = {
  /** The service itself is not well: enough of these, and it is left in peace. */
  readonly countsAsFailure: boolean;
  /** Another try may go better. */
  readonly isRetryable: boolean;
  /** When the service itself asks to be left alone for so long. */
  readonly retryAfterSeconds?: number;
};

/** A call that failed, for the log and for whoever decides about another try. */
export class ServiceFailure extends Error {
  override readonly name = 'ServiceFailure';
  readonly verdict: Verdict;

  constructor(message: string, verdict: Verdict, options?: { cause?: unknown }) {
    super(message, options);
    this.verdict = verdict;
  }
}

/** An error of a GraphQL answer. */
export type AnswerError = {
  readonly message: string;
  readonly extensions?: { readonly code?: unknown; readonly retryAfterSeconds?: unknown };
};

/** Codes by which a service says that it is to blame, not the request. */
const OWN_FAULT: ReadonlySet<unknown> = new Set<ErrorCode>(['INTERNAL', 'UNAVAILABLE']);

/** What the errors of an answer say; those without a code are nobody's we know. */
export const judgeError = ({ extensions }: AnswerError): Verdict => {
  const { code, retryAfterSeconds } = extensions ?? {};
  const ownFault = code === undefined || OWN_FAULT.has(code);
  if (typeof retryAfterSeconds === 'number') {
    return { countsAsFailure: ownFault, isRetryable: false, retryAfterSeconds };
  }
  return { countsAsFailure: ownFault, isRetryable: ownFault };
};
