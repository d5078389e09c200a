export {
  activeTraceId,
  LONG_POLL_QUERY,
  startTelemetry,
  type Telemetry,
} from './start-telemetry.ts';
