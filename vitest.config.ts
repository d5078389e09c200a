import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tools/test/longest-first.ts';

/** What all tests have, those of `npm run e2e` too. */
export const shared = defineConfig({
  // One instance of it, as in the services: packages require its CommonJS.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    // For a busy machine. What waits for something gives up before, and says what was not so.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: 'forks',
    // Loading its modules is half of what a file costs: the files of a process share them.
    isolate: false,
    // Most tests wait for more than half of their time: for a timer, a sweeper, or a process to start.
    maxWorkers: availableParallelism() + 3,
    sequence: { sequencer: LongestFirst },
  },
});

/** The tests of whole shops. Each file has a process of its own: its kit is signed in to one shop. */
export const stories = {
  isolate: true,
  include: ['e2e/**/*.e2e.ts'],
  globalSetup: ['e2e/testkit/global-setup.ts'],
  setupFiles: ['e2e/testkit/name-tests.ts'],
};

const NOT_TESTS = ['**/node_modules/**', '.cartograph/**', '.nx/**'];

const config = defineConfig({
  ...shared,
  test: {
    ...shared.test,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{apps,libs,tools,e2e}/**/*.test.ts'],
          exclude: [...NOT_TESTS, '**/*.int.test.ts', 'apps/*/test/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['{apps,libs,tools,e2e}/**/*.int.test.ts', 'apps/*/test/**/*.test.ts'],
          exclude: NOT_TESTS,
          globalSetup: ['tools/test/global-setup.ts'],
        },
      },
      { extends: true, test: { name: 'e2e', ...stories } },
    ],
  },
});

export { config as default };
