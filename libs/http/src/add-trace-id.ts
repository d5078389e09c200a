import { activeTraceId } from '@cartograph/telemetry';
import type { GraphQLFormattedError } from 'graphql';

type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/**
 * Adds the trace of the request to its errors, under the name that it has in `/v1` and in the logs. Subgraphs do so,
 * too: a router that is not ours passes their errors on.
 */
export const addTraceId =
  (format: FormatError): FormatError =>
  (formatted, error) => {
    const result = format(formatted, error);
    const traceId = activeTraceId();
    if (traceId === undefined) return result;
    return { ...result, extensions: { ...result.extensions, trace_id: traceId } };
  };
