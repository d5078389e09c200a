export {
  currentSignal,
  DEADLINE_HEADER,
  isOverdue,
  orAborted,
  readDeadline,
  remainingMs,
  RequestCancelled,
  runRequest,
  runToCompletion,
  runWithDeadline,
  runWithin,
  throwIfCancelled,
} from './request-bounds.ts';
export {
  makeServiceClient,
  type ServiceClient,
  type ServiceClientOptions,
} from './make-service-client.ts';
export { boundCall, type CallBounds } from './bound-call.ts';
export { measureCall } from './measure-call.ts';
export { makeRejectionCounter } from './policy-metrics.ts';
export { makeSignedPost, type SignedPost } from './signed-post.ts';
