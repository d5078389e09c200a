import { availableParallelism } from 'node:os';

/** Tests run as the code does: TypeScript as ES modules, nothing built before. */
const project = (name, testMatch, testPathIgnorePatterns = []) => ({
  displayName: name,
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', ...testPathIgnorePatterns],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!@cartograph/)'],
  modulePathIgnorePatterns: ['<rootDir>/.cartograph', '<rootDir>/.nx'],
});

export default {
  projects: [
    project(
      'unit',
      ['<rootDir>/{apps,libs,tools,e2e}/**/*.test.ts'],
      ['\\.int\\.test\\.ts$', '<rootDir>/apps/[^/]+/test/'],
    ),
    {
      ...project('integration', [
        '<rootDir>/{apps,libs,tools,e2e}/**/*.int.test.ts',
        '<rootDir>/apps/*/test/**/*.test.ts',
      ]),
      globalSetup: '<rootDir>/tools/test/global-setup.ts',
      globalTeardown: '<rootDir>/tools/test/global-teardown.ts',
    },
    {
      ...project('e2e', ['<rootDir>/e2e/**/*.e2e.ts']),
      globalSetup: '<rootDir>/e2e/testkit/global-setup.ts',
      globalTeardown: '<rootDir>/e2e/testkit/global-teardown.ts',
    },
  ],
  // For a busy machine. What waits for something gives up before, and says what was not so.
  testTimeout: 300_000,
  testSequencer: '<rootDir>/tools/test/longest-first.cjs',
  // Most tests wait for half of their time: for a timer, a sweeper, or a process to start.
  maxWorkers: availableParallelism() + 2,
  // Modules of suites that are over stay in memory: of a gigabyte, garbage collection stops the process
  // for seconds, and whatever has a time limit fails. It is replaced before that, but not often: a new
  // process has to find and load all modules again.
  workerIdleMemoryLimit: '700MB',
};
