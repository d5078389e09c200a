import path from 'node:path';
import shared from '../../jest.config.js';

/** The tests of `npm run e2e`: as in `npm test`, with a report, and alone. */
const { projects, ...options } = shared;
const stories = projects.find(({ displayName }) => displayName === 'e2e');

const config = {
  ...options,
  ...stories,
  rootDir: path.resolve(import.meta.dirname, '..', '..'),
  setupFilesAfterEnv: process.env.E2E_REMOTE ? ['<rootDir>/e2e/testkit/sign-out-after.ts'] : [],
  reporters: ['default', '<rootDir>/e2e/report/story-reporter.ts'],
};

export { config as default };
