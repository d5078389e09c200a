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
      ['<rootDir>/{apps,libs,tools}/**/*.test.ts'],
      ['\\.int\\.test\\.ts$', '<rootDir>/apps/[^/]+/test/'],
    ),
    project('integration', [
      '<rootDir>/{apps,libs,tools}/**/*.int.test.ts',
      '<rootDir>/apps/*/test/**/*.test.ts',
    ]),
    {
      ...project('e2e', ['<rootDir>/e2e/**/*.e2e.ts']),
      globalSetup: '<rootDir>/e2e/testkit/global-setup.ts',
      globalTeardown: '<rootDir>/e2e/testkit/global-teardown.ts',
    },
  ],
  testTimeout: 60_000,
  // Modules of suites that are over stay in memory: on a machine of two cores Jest would run all of
  // them in one process, which ends in nothing but garbage collection. A worker is replaced instead.
  workerIdleMemoryLimit: '1GB',
};
