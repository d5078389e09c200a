import { trace } from '@opentelemetry/api';
import {
  pino,
  stdSerializers,
  type Bindings,
  type DestinationStream,
  type Logger as PinoLogger,
} from 'pino';
import { redactSecrets } from './redact-secrets.ts';

/** A structured logger: `log.info({ order_id }, 'order placed')`. */
export type Logger = PinoLogger;

/** Fields whose serializer reads more than an object's own fields. Its result is redacted. */
const SERIALIZED: ReadonlySet<string> = new Set(['err', 'req', 'res']);

/** pino has no formatter for the fields of a child's child. Children inherit these methods. */
const redactBindings = (logger: Logger): void => {
  const pinoMethods = Object.getPrototypeOf(logger) as Logger;
  logger.child = function (this: Logger, fields: Bindings, options?: object) {
    return pinoMethods.child.call(this, redactSecrets(fields, SERIALIZED), options as never);
  } as Logger['child'];
  logger.setBindings = function (this: Logger, fields: Bindings) {
    pinoMethods.setBindings.call(this, redactSecrets(fields, SERIALIZED));
  };
};

/**
 * Makes the logger of a process: one JSON object per line, with `service`, the time in ISO 8601, and
 * the `trace_id` and `span_id` of the active span, as OpenTelemetry names them. Values of secret
 * fields are redacted.
 * @param destination standard output by default, which is written to at once
 */
export const makeLogger = (
  options: { name: string; level: string },
  destination?: DestinationStream,
): Logger => {
  const logger = pino(
    {
      level: options.level,
      base: { service: options.name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        // Faster than pino's own redaction, which costs more than the rest of a line.
        log: (fields) => redactSecrets(fields, SERIALIZED),
      },
      serializers: {
        err: (error: Error) => redactSecrets(stdSerializers.err(error)),
      },
      // The instrumentation of pino would patch pino, and depend on its version.
      mixin: () => {
        const span = trace.getActiveSpan()?.spanContext();
        return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
      },
    },
    ...(destination ? [destination] : []),
  );
  redactBindings(logger);
  return logger;
};
