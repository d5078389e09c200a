import type { Infrastructure } from '@cartograph/http';
import { makeLogger } from '@cartograph/logging';

/** The infrastructure of a server under test: quiet, without telemetry. */
export const testInfrastructure = (): Infrastructure => ({
  log: makeLogger({ name: 'test', level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
});

/** The same, for a test that reads the errors in the log. */
export const loggingInfrastructure = () => {
  const logged: Record<string, unknown>[] = [];
  const log = makeLogger(
    { name: 'test', level: 'error' },
    { write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const infrastructure: Infrastructure = { log };
  return { infrastructure, logged };
};
