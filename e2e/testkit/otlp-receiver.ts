import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it came over the wire. */
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

const readSpans = (text: string): ReceivedSpan[] =>
  (JSON.parse(text) as Export).resourceSpans.flatMap(({ resource, scopeSpans }) =>
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
 * Takes spans as an OpenTelemetry collector does (OTLP over HTTP, JSON), and hands out those it has
 * at `GET /?trace=<id>`, since tests run in processes of their own.
 */
export const startOtlpReceiver = async (): Promise<{ url: string; stop: () => Promise<void> }> => {
  const received: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      const trace = new URL(request.url ?? '/', 'http://receiver').searchParams.get('trace');
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(received.filter((span) => !trace || span.traceId === trace)));
      return;
    }
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      received.push(...readSpans(text));
      response.setHeader('content-type', 'application/json');
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
