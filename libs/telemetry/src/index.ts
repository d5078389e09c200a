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
