import type { CallFailure, CallMetric } from '@cartograph/telemetry';
import { RequestCancelled } from './request-bounds.ts';

/** A signal is aborted when the client disconnects; for any other reason the time is over. */
const failureOf = (signal: AbortSignal): CallFailure => {
  if (!signal.aborted) return 'connection';
  const reason: unknown = signal.reason;
  const hasDisconnected =
    reason instanceof RequestCancelled && reason.reason === 'client disconnected';
  return hasDisconnected ? 'cancelled' : 'timeout';
};

/** Sends a request, and measures it until the head of its response. @param signal that ends it */
export const measureCall = async <Response extends { readonly statusCode: number }>(
  metric: CallMetric,
  signal: AbortSignal,
  send: () => Promise<Response>,
): Promise<Response> => {
  const startedAt = performance.now();
  try {
    const response = await send();
    metric.answered(startedAt, response.statusCode);
    return response;
  } catch (error) {
    metric.failed(startedAt, failureOf(signal));
    throw error;
  }
};
