// In each file of stories: what a test sends is noted under its name.
import { aroundAll, aroundEach, type RunnerTestCase } from 'vitest';
import { inTest } from './record.ts';

/** The names of the groups around a test, and its own. */
const namesOf = (test: RunnerTestCase): readonly string[] => {
  const names = [test.name];
  for (let { suite } = test; suite; { suite } = suite) names.unshift(suite.name);
  return names;
};

// eslint-disable-next-line no-empty-pattern -- Vitest reads the names of fixtures from it
aroundAll((runSuite, {}, suite) => inTest({ file: suite.file.filepath, test: '' }, runSuite));

aroundEach((runTest, { task }) =>
  inTest({ file: task.file.filepath, test: namesOf(task).join(' ') }, runTest),
);
