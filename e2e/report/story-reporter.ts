import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { listStoryFiles } from '../run/story-files.ts';
import { buildReport, countTests, traceOf, type Report } from './build-report.ts';
import { readRecord } from './read-record.ts';
import { renderJunit } from './render-junit.ts';
import { renderPage } from './render-page.ts';
import type { FileResult, TestResult } from './test-results.ts';

/** The failures that the terminal shows with their traces; the page has all. */
const MAX_PRINTED = 20;

const listLeftOut = (isRemote: boolean): Report['leftOut'] =>
  listStoryFiles().flatMap(({ name, localReason }) =>
    isRemote && localReason !== null ? [{ name, reason: localReason }] : [],
  );

const printFailures = ({ stories }: Report): void => {
  const failed = stories.flatMap(({ name, tests }) =>
    tests
      .filter(({ status }) => status === 'failed')
      .map((test) => `  ${name}: ${test.title}, trace id ${traceOf(test) ?? 'none'}`),
  );
  if (failed.length > 0) console.log(['Failed:', ...failed.slice(0, MAX_PRINTED)].join('\n'));
};

const titlesOf = (test: TestCase): readonly string[] => {
  const titles: string[] = [];
  for (let { parent } = test; parent.type === 'suite'; { parent } = parent) {
    titles.unshift(parent.name);
  }
  return titles;
};

const messagesOf = (
  errors: readonly { readonly message: string; readonly stack?: string }[] = [],
) => errors.map(({ message, stack }) => stack ?? message);

const readTest = (test: TestCase): TestResult => {
  const ancestorTitles = titlesOf(test);
  const { state, errors } = test.result();
  return {
    ancestorTitles,
    title: test.name,
    fullName: [...ancestorTitles, test.name].join(' '),
    status: state,
    duration: test.diagnostic()?.duration,
    failureMessages: messagesOf(errors),
  };
};

const readFile = (file: TestModule): FileResult => {
  const suites = [file, ...file.children.allSuites()];
  return {
    testFilePath: file.moduleId,
    testResults: [...file.children.allTests()].map(readTest),
    failureMessage: suites.flatMap((suite) => messagesOf(suite.errors())).join('\n\n'),
    perfStats: { start: 0, end: file.diagnostic().duration },
  };
};

/** A reporter of Vitest that writes `report.html` and `junit.xml` into the folder E2E_REPORT. */
class StoryReporter implements Reporter {
  #startTime = Date.now();

  onTestRunStart(): void {
    this.#startTime = Date.now();
  }

  onTestRunEnd(files: readonly TestModule[]): void {
    const { E2E_REPORT: folder = '', E2E_RECORD: record = '', E2E_REST_URL: url } = process.env;
    const isRemote = Boolean(process.env['E2E_REMOTE']);
    const results = { startTime: this.#startTime, testResults: files.map(readFile) };
    const report = buildReport(results, readRecord(record), {
      ms: Date.now() - results.startTime,
      shop: isRemote ? `the shop at ${url}` : 'a shop that was started for it',
      leftOut: listLeftOut(isRemote),
    });
    const written = { 'report.html': renderPage(report), 'junit.xml': renderJunit(report) };
    for (const [name, text] of Object.entries(written))
      writeFileSync(path.join(folder, name), text);
    const { passed, failed } = countTests(report.stories);
    printFailures(report);
    console.log(`${passed} passed, ${failed} failed: ${path.join(folder, 'report.html')}`);
  }
}

export { StoryReporter as default };
