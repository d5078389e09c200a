import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { listStoryFiles } from '../run/story-files.ts';
import { buildReport, countTests, traceOf, type Report } from './build-report.ts';
import type { JestResults } from './jest-results.ts';
import { readRecord } from './read-record.ts';
import { renderJunit } from './render-junit.ts';
import { renderPage } from './render-page.ts';

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

/** A reporter of Jest that writes `report.html` and `junit.xml` into the folder E2E_REPORT. */
class StoryReporter {
  onRunComplete(_contexts: unknown, results: JestResults): void {
    const { E2E_REPORT: folder = '', E2E_RECORD: record = '', E2E_REST_URL: url } = process.env;
    const isRemote = Boolean(process.env['E2E_REMOTE']);
    const report = buildReport(results, readRecord(record), {
      ms: Date.now() - results.startTime,
      shop: isRemote ? `the shop at ${url}` : 'a shop that was started for it',
      leftOut: listLeftOut(isRemote),
    });
    const files = { 'report.html': renderPage(report), 'junit.xml': renderJunit(report) };
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    const { passed, failed } = countTests(report.stories);
    printFailures(report);
    console.log(`${passed} passed, ${failed} failed: ${path.join(folder, 'report.html')}`);
  }
}

export { StoryReporter as default };
