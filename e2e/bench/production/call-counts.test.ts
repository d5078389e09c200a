import { describe, expect, it } from 'vitest';
import { countServedRequests } from './call-counts.ts';

describe('the number of served requests', () => {
  it('is the sum of the counts of the metric, old and new', () => {
    const metrics = [
      '# TYPE http_server_duration histogram',
      'http_server_duration_count{http_method="POST",http_status_code="200"} 12',
      'http_server_duration_count{http_method="GET",http_status_code="200"} 3',
      'http_server_duration_bucket{le="5"} 99',
      'http_client_duration_count{http_method="POST"} 50',
      'http_server_request_duration_seconds_count{http_request_method="POST"} 1e2',
    ].join('\n');
    expect(countServedRequests(metrics)).toBe(115);
  });
});
