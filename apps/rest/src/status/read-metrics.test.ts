import { describe, expect, it } from 'vitest';
import { parseMetrics } from './parse-metrics.ts';
import { readMetrics } from './read-metrics.ts';

const TEXT = `# HELP target_info Target metadata
# TYPE target_info gauge
target_info{service_name="cartograph-order",service_version="1.2.3"} 1
# UNIT process_uptime s
process_uptime{otel_scope_name="cartograph.process"} 12.5
http_server_request_duration_count{http_request_method="POST",http_response_status_code="200",http_route="/graphql"} 8 1764500000000
http_server_request_duration_count{http_request_method="POST",http_response_status_code="503",http_route="/graphql"} 2
http_server_request_duration_count{http_request_method="GET",http_response_status_code="404"} 1
http_server_request_duration_bucket{http_response_status_code="200",le="0.1"} 7
http_server_request_duration_bucket{http_response_status_code="200",le="+Inf"} 8
http_server_request_duration_bucket{http_response_status_code="503",le="0.1"} 0
http_server_request_duration_bucket{http_response_status_code="503",le="+Inf"} 2
http_server_request_duration_bucket_of_others{le="0.1"} 1
http_client_request_duration_count{service_peer_name="payment"} 4
http_client_request_duration_count{service_peer_name="payment",error_type="timeout"} 3
http_client_request_duration_count{service_peer_name="payment",error_type="403"} 3
http_client_request_duration_count{service_peer_name="payment",error_type="cancelled"} 3
shop_circuit_state{service_peer_name="payment",state="closed"} 0
shop_circuit_state{service_peer_name="payment",state="half_open"} 1
shop_due_overdue{table="orders of stock"} 2
shop_due_overdue{table="orders of payments"} 1
shop_due_dead{table="orders of stock"} 1
shop_job_dead{job="forget_events"} 1
shop_due_failure_total{table="orders of stock",final="false"} 5
shop_event_failure_total{step="nats"} 0
`;

describe('the text of /metrics', () => {
  const wanted = new Set(['a_total', 'b']);

  it('has the samples that are wanted, with their labels and values', () => {
    const text = 'a_total{x="1",y="say \\"hi\\"\\n, }"} 2\nb 3 1764500000000\nc 4\nb{} +Inf\n';
    expect(parseMetrics(text, wanted)).toEqual([
      { name: 'a_total', labels: { x: '1', y: 'say "hi"\n, }' }, value: 2 },
      { name: 'b', labels: {}, value: 3 },
      { name: 'b', labels: {}, value: Infinity },
    ]);
  });

  it.each(['', '\n\n', '# b 1', 'b', 'b{x="1" 2', '<html>b 1</html>'])(
    'has none of a line that is none: %j',
    (text) => expect(parseMetrics(text, wanted)).toEqual([]),
  );
});

describe('the metrics of a process', () => {
  it('are added up over their labels', () => {
    expect(readMetrics(TEXT)).toMatchObject({
      version: '1.2.3',
      uptimeSeconds: 12.5,
      requests: 11,
      failures: 2,
      durations: new Map([
        [0.1, 7],
        [Infinity, 10],
      ]),
      overdueRows: 3,
      dead: 2,
      circuits: [{ peer: 'payment', state: 'half_open' }],
    });
  });

  it('have the errors that are the fault of the shop, and no other', () => {
    expect([...readMetrics(TEXT).errors.values()]).toEqual([
      { code: '503', where: 'POST /graphql', count: 2 },
      { code: 'timeout', where: 'call of payment', count: 3 },
      { code: 'step failed', where: 'orders of stock', count: 5 },
    ]);
  });

  it('count errors in responses as failures of a router, also with status 200', () => {
    const { failures, errors } = readMetrics(`
http_server_request_duration_count{http_response_status_code="200"} 9
shop_graphql_operation_error_total{graphql_operation_name="Pay",error_type="UNAVAILABLE"} 2
shop_graphql_operation_error_total{graphql_operation_name="Pay",error_type="UNAUTHENTICATED"} 4
`);
    expect(failures).toBe(2);
    expect([...errors.values()]).toEqual([{ code: 'UNAVAILABLE', where: 'Pay', count: 2 }]);
  });

  it('are 0 or unknown of a process that exports nothing', () => {
    expect(readMetrics('')).toMatchObject({ version: 'unknown', requests: 0, circuits: [] });
  });
});
