import { text } from 'node:stream/consumers';
import { startHttpServer } from '@cartograph/testing';

/** A span, as it was exported. */
export type ReceivedSpan = {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
};

type Attribute = { key: string; value: Record<string, unknown> };

type Export = {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: {
      spans: {
        traceId: string;
        spanId: string;
        parentSpanId?: string;
        name: string;
        attributes?: Attribute[];
      }[];
    }[];
  }[];
};

const toRecord = (attributes: Attribute[] = []) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

const readSpans = (content: string): ReceivedSpan[] =>
  (JSON.parse(content) as Export).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        service: String(toRecord(resource.attributes)['service.name']),
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId,
        name: span.name,
        attributes: toRecord(span.attributes),
      })),
    ),
  );

/**
 * Receives spans as an OpenTelemetry collector does (OTLP over HTTP, JSON), and returns those of a
 * trace at `GET /?trace=<id>`: tests run in processes of their own.
 */
export const startOtlpReceiver = () => {
  const received: ReceivedSpan[] = [];
  return startHttpServer((request, response) => {
    const respond = async (): Promise<void> => {
      const trace = new URL(request.url ?? '/', 'http://receiver').searchParams.get('trace');
      const isRead = request.method === 'GET';
      if (!isRead) received.push(...readSpans(await text(request)));
      const content = isRead ? received.filter(({ traceId }) => !trace || traceId === trace) : {};
      response.setHeader('content-type', 'application/json').end(JSON.stringify(content));
    };
    respond().catch(() => response.destroy());
  });
};
