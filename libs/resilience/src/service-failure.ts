import type { ErrorCode } from '@cartograph/errors';

/** What a failed call means for the calls after it. */
export type Verdict = {
  /** The service is at fault: enough of these open the circuit. */
  readonly countsAsFailure: boolean;
  /** Another attempt may succeed. */
  readonly isRetryable: boolean;
  /** Its caller stopped waiting before the service had its time: this says nothing about the service. */
  readonly wasCutShort?: boolean;
  /** When the service may be called again, as it says itself. */
  readonly retryAfterSeconds?: number;
};

/** A call that failed. */
export class ServiceFailure extends Error {
  override readonly name = 'ServiceFailure';
  readonly verdict: Verdict;

  constructor(message: string, verdict: Verdict, options?: { cause?: unknown }) {
    super(message, options);
    this.verdict = verdict;
  }
}

/** An error of a GraphQL response. */
export type ResponseError = {
  readonly message: string;
  readonly extensions?: { readonly code?: unknown; readonly retryAfterSeconds?: unknown };
};

/** Codes with which a service reports a fault of its own, not of the request. */
const OWN_FAULT: ReadonlySet<unknown> = new Set<ErrorCode>(['INTERNAL', 'UNAVAILABLE']);

/** The verdict on an error of a response. One without a code counts as a fault of the service. */
export const verdictOf = ({ extensions }: ResponseError): Verdict => {
  const { code, retryAfterSeconds } = extensions ?? {};
  const ownFault = code === undefined || OWN_FAULT.has(code);
  if (typeof retryAfterSeconds === 'number') {
    return { countsAsFailure: ownFault, isRetryable: false, retryAfterSeconds };
  }
  return { countsAsFailure: ownFault, isRetryable: ownFault };
};
