import { randomBytes } from 'node:crypto';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { graph } from './graph.ts';
import type { ReceivedSpan } from './otlp-receiver.ts';
import { rest } from './rest.ts';

const readSpans = async (search: string): Promise<ReceivedSpan[]> => {
  const response = await fetch(`${process.env['E2E_OTLP_URL']}/?${search}`);
  return (await response.json()) as ReceivedSpan[];
};

/** The spans of a trace that were received so far. */
export const spansOf = (traceId: string): Promise<ReceivedSpan[]> => readSpans(`trace=${traceId}`);

/** The spans with a link to a trace that were received so far. */
export const spansLinkedTo = (traceId: string): Promise<ReceivedSpan[]> =>
  readSpans(`linked=${traceId}`);

/** Which process called which: the spans whose parent is in another one. */
export const callsBetween = (spans: readonly ReceivedSpan[]): ReadonlySet<string> => {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const nameOf = ({ service }: ReceivedSpan): string => service.replace('cartograph-', '');
  return new Set(
    spans.flatMap((span) => {
      const parent = byId.get(span.parentSpanId ?? '');
      return parent && parent.service !== span.service
        ? `${nameOf(parent)} -> ${nameOf(span)}`
        : [];
    }),
  );
};

/** The names of the statements that a service executed. */
export const statementsOf = (spans: readonly ReceivedSpan[], service: string): string[] =>
  spans
    .filter((span) => span.service === `cartograph-${service}`)
    .flatMap((span) => span.attributes['db.query.summary'] ?? [])
    .map(String);

const SERVICES = ['user', 'product', 'order', 'payment'] as const;

type Statements = Readonly<Record<(typeof SERVICES)[number], readonly string[]>>;

const readStatements = async (traceId: string): Promise<Statements> => {
  const spans = await spansOf(traceId);
  const of = (service: string) =>
    spans
      .filter((span) => span.service === `cartograph-${service}`)
      .flatMap((span) => span.attributes['db.query.text'] ?? [])
      .map(String);
  return { user: of('user'), product: of('product'), order: of('order'), payment: of('payment') };
};

/** The headers of a request in a trace that is recorded. */
export const traceOf = (traceId: string) => ({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` });

export const newTraceId = () => randomBytes(16).toString('hex');

/**
 * Sends a query to every service: when its spans are received, so are all spans before them.
 * @param orderId an order of the account of `token`
 */
export const passThroughAll = async (token: string, orderId: string): Promise<void> => {
  const traceId = newTraceId();
  await graph(
    'query ($id: ID!) { me { email } order(id: $id) { payments { id } items { product { stock } } } }',
    { id: orderId },
    { token, headers: traceOf(traceId) },
  );
  await eventually(async () => {
    const statements = await readStatements(traceId);
    const silent = SERVICES.filter((service) => statements[service].length === 0);
    if (silent.length > 0) throw new Error(`no spans yet of ${silent.join(', ')}`);
  });
};

/** Counts the SQL statements of requests. @param orderId an order of the account of `token` */
export const makeStatementCounter = (token: string, orderId: string) => {
  const count = async (send: (headers: Record<string, string>) => Promise<unknown>) => {
    const traceId = newTraceId();
    await send(traceOf(traceId));
    // Each process sends its spans in the order in which they ended.
    await passThroughAll(token, orderId);
    return readStatements(traceId);
  };
  return {
    // Past the router's cache, which another test may have filled with the same query.
    ofQuery: (query: string, variables: object = {}, as: string | null = token) =>
      count((headers) =>
        graph(query, variables, {
          token: as ?? undefined,
          headers: { ...headers, 'cache-control': 'no-cache' },
        }),
      ),
    ofRequest: (method: string, path: string, body?: object) =>
      count((headers) => rest(method, path, { token, headers, ...(body && { body }) })),
  };
};
