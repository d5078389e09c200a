export {
  currentSignal,
  orAborted,
  RequestCancelled,
  runRequest,
  runToCompletion,
  throwIfCancelled,
} from './cancellation.ts';
export {
  DEADLINE_HEADER,
  readDeadline,
  remainingMs,
  runWithDeadline,
  runWithin,
} from './deadline.ts';
export { type Limits } from './make-guard.ts';
export {
  makeServiceClient,
  type ServiceClient,
  type ServiceClientOptions,
} from './make-service-client.ts';
