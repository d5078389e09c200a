/**
 * `healthcheck [healthz|readyz]`: asks the app in this container whether it is alive, or ready. It exits
 * with 0 or 1. It needs neither a shell nor curl, which an image may lack.
 */
import http from 'node:http';

const TIMEOUT_MS = 4_000;

const [probe = 'healthz'] = process.argv.slice(2);
const port = process.env['METRICS_PORT'] || '9464';

const request = http.get(
  { host: '127.0.0.1', port, path: `/${probe}`, timeout: TIMEOUT_MS },
  (response) => {
    process.exitCode = response.statusCode === 200 ? 0 : 1;
    response.pipe(process.stdout);
  },
);
request.on('timeout', () => request.destroy(new Error(`no response within ${TIMEOUT_MS} ms`)));
request.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
