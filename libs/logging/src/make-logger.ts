import { trace } from '@opentelemetry/api';
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

/** A structured logger: `log.info({ order_id }, 'order placed')`. */
export type Logger = PinoLogger;

/** Fields whose values are never logged. */
const SECRET_FIELDS = [
  'authorization',
  'Authorization',
  'cookie',
  'password',
  'newPassword',
  'currentPassword',
  'token',
  'accessToken',
  'refreshToken',
  'access_token',
  'refresh_token',
  'passwordHash',
  'password_hash',
  'card',
  'secret',
  'x-router-authorization',
  'x-cartograph-caller',
];

/** The paths of a field: at the top level, or up to two objects down. */
const pathsOf = (field: string): readonly string[] =>
  ['', '*', '*.*'].map((parent) => `${parent}["${field}"]`);

/**
 * Makes the logger of a process: one JSON object per line, with `service`, the time in ISO 8601, and
 * the `trace_id` and `span_id` of the active span, as OpenTelemetry names them.
 * @param destination standard output by default
 */
export const makeLogger = (
  options: { name: string; level: string },
  destination?: DestinationStream,
): Logger =>
  pino(
    {
      level: options.level,
      base: { service: options.name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRET_FIELDS.flatMap(pathsOf),
        censor: '[redacted]',
      },
      // The instrumentation of pino would patch pino, and depend on its version.
      mixin: () => {
        const span = trace.getActiveSpan()?.spanContext();
        return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
      },
    },
    ...(destination ? [destination] : []),
  );
