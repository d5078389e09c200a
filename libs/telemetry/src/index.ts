export { LONG_POLL_QUERY, startTelemetry, type Telemetry } from './start-telemetry.ts';
export { activeTraceId } from './active-trace-id.ts';
