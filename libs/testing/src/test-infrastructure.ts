import { makeLogger } from '@cartograph/logging';
import type { Infrastructure } from '@cartograph/http';

/** The infrastructure of a server under test: quiet, without telemetry. */
export const testInfrastructure = (): Infrastructure => ({
  log: makeLogger({ name: 'test', level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
});
