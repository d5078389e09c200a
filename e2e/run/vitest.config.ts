import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { shared, stories } from '../../vitest.config.ts';

/** The tests of `npm run e2e`: as in `npm test`, with a report, and alone. */
const config = defineConfig({
  ...shared,
  root: path.resolve(import.meta.dirname, '..', '..'),
  test: {
    ...shared.test,
    ...stories,
    setupFiles: [
      ...stories.setupFiles,
      ...(process.env['E2E_REMOTE'] ? ['e2e/testkit/sign-out-after.ts'] : []),
    ],
    reporters: ['default', path.join(import.meta.dirname, '..', 'report', 'story-reporter.ts')],
  },
});

export { config as default };
