import { trace } from '@opentelemetry/api';

/**
 * Names the span of the current request after its route, as the semantic conventions for HTTP say. It
 * does nothing when no span is recorded.
 * @param route its path, such as `/v1/orders/:id`; undefined for none
 */
export const nameRequest = (method: string, route: string | undefined): void => {
  const span = trace.getActiveSpan();
  if (route === undefined || !span?.isRecording()) return;
  span.setAttribute('http.route', route);
  span.updateName(`${method} ${route}`);
};
