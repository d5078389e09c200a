import { describe, expect, it } from 'vitest';
import { toOpenMetrics } from './open-metrics.ts';

const TEXT = `# HELP target_info Target metadata
# TYPE target_info gauge
target_info{service_name="order"} 1
# HELP shop_order_total Orders, "placed" or not.
# UNIT shop_order_total {order}
# TYPE shop_order_total counter
shop_order_total{otel_scope_name="a"} 3

# HELP wait Time.
# UNIT wait s
# TYPE wait histogram
wait_count{otel_scope_name="a"} 2
wait_sum{otel_scope_name="a"} 3
wait_bucket{otel_scope_name="a",le="0.5"} 1
wait_bucket{otel_scope_name="a",le="1"} 1
wait_bucket{otel_scope_name="a",le="+Inf"} 2
# a comment
`;

describe('OpenMetrics', () => {
  it('has exemplars, numbers with a point, counters by their family, and an end', () => {
    const open = toOpenMetrics(TEXT, (sample) =>
      sample.includes('le="1"') ? '{trace_id="12"} 0.7 1.5' : undefined,
    );
    expect(open).toBe(`# HELP target_info Target metadata
# TYPE target_info gauge
target_info{service_name="order"} 1
# HELP shop_order Orders, \\"placed\\" or not.
# TYPE shop_order counter
shop_order_total{otel_scope_name="a"} 3
# HELP wait Time.
# TYPE wait histogram
wait_count{otel_scope_name="a"} 2
wait_sum{otel_scope_name="a"} 3
wait_bucket{otel_scope_name="a",le="0.5"} 1
wait_bucket{otel_scope_name="a",le="1.0"} 1 # {trace_id="12"} 0.7 1.5
wait_bucket{otel_scope_name="a",le="+Inf"} 2
# EOF
`);
  });

  it('of a process without metrics is only the end', () => {
    expect(toOpenMetrics('# no registered metrics', () => undefined)).toBe('# EOF\n');
  });
});
