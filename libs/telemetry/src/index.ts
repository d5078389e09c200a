export { DURATION_BOUNDARIES, LAG_BOUNDARIES } from './boundaries.ts';
export { makeCallMetric, type CallFailure, type CallMetric } from './call-duration.ts';
export { runLinked, sampledTraceparent } from './linked-span.ts';
export { nameRequest } from './name-request.ts';
export { recordRequest } from './request-duration.ts';
export { startTelemetry, type Telemetry } from './start-telemetry.ts';
export {
  activeTraceId,
  beginTrace,
  outgoingTraceHeaders,
  runInTrace,
  type RequestTrace,
} from './trace-context.ts';
export { LONG_POLL_QUERY } from './untraced.ts';
