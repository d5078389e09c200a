import { text } from 'node:stream/consumers';
import { startHttpServer } from '@cartograph/testing';

/** A span, as it was exported. */
export type ReceivedSpan = {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: SpanKindName;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** Its events and its status, as they were exported. */
  readonly rest: unknown;
};

/** The kinds of spans, in the order of their numbers in OTLP. */
const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;

type SpanKindName = (typeof KINDS)[number];

type Attribute = { key: string; value: Record<string, unknown> };

type ExportedSpan = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind?: number;
  attributes?: Attribute[];
  links?: { traceId: string; spanId: string }[];
  events?: unknown;
  status?: unknown;
};

type Export = {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: ExportedSpan[] }[];
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
        kind: KINDS[span.kind ?? 0] ?? 'UNSPECIFIED',
        attributes: toRecord(span.attributes),
        links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
        rest: { events: span.events, status: span.status },
      })),
    ),
  );

/** Whether a span is asked for: by `?trace=<id>`, by `?linked=<id>`, or all of them. */
const isAskedFor = (search: URLSearchParams) => {
  const [trace, linked] = [search.get('trace'), search.get('linked')];
  return ({ traceId, links }: ReceivedSpan): boolean =>
    (trace === null || traceId === trace) &&
    (linked === null || links.some((link) => link.traceId === linked));
};

/**
 * Receives spans as an OpenTelemetry collector does (OTLP over HTTP, JSON), and returns those of a
 * trace at `GET /?trace=<id>`, and those with a link to a trace at `GET /?linked=<id>`: tests run in
 * processes of their own.
 */
export const startOtlpReceiver = () => {
  const received: ReceivedSpan[] = [];
  return startHttpServer((request, response) => {
    const respond = async (): Promise<void> => {
      const { searchParams } = new URL(request.url ?? '/', 'http://receiver');
      const isRead = request.method === 'GET';
      if (!isRead) received.push(...readSpans(await text(request)));
      const content = isRead ? received.filter(isAskedFor(searchParams)) : {};
      response.setHeader('content-type', 'application/json').end(JSON.stringify(content));
    };
    respond().catch(() => response.destroy());
  });
};
