import { expect, it } from 'vitest';
import { metricsOf } from './metrics-of.ts';

it.each([
  ['up == 0', ['up']],
  ['sum by (service, le) (rate(a_bucket{le="0.5", x=~"b_c|d"}[5m]))', ['a_bucket']],
  ['histogram_quantile(0.99, sum by (le) (rate(a_bucket[1h])))', ['a_bucket']],
  ['slo:bad:5m > on (slo) 14.4 * slo:budget and on (slo) up', ['slo:bad:5m', 'slo:budget', 'up']],
  ['a_b > on (service) group_left 0.01 * a_b offset 5m', ['a_b']],
  ['a_b > on (service) group_left () c_d unless d_e', ['a_b', 'c_d', 'd_e']],
  ['sum(a_total) or on () vector(0)', ['a_total']],
  ['a:b unless on (service) (up == 1)', ['a:b', 'up']],
])('finds the metrics of %s', (expr, names) => {
  expect(metricsOf(expr)).toEqual(names);
});
