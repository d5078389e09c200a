import {
  countTests,
  traceOf,
  type Report,
  type ReportStory,
  type ReportTest,
} from './build-report.ts';
import { markup, type Markup } from './markup.ts';

const seconds = (ms: number): string => (ms / 1_000).toFixed(3);

/** The first line, which tools show in lists. */
const headlineOf = (failure: string): string => failure.split('\n', 1)[0] ?? '';

const renderFailure = (failure: string, traceId: string | null): Markup =>
  markup`<failure message="${headlineOf(failure)}">${failure}${traceId && `\n\ntrace id of the last request: ${traceId}`}</failure>`;

const describeSteps = ({ steps }: ReportTest): string =>
  steps
    .map(({ name, ms, failed }) => `${failed ? 'FAILED ' : ''}${name} (${Math.round(ms)} ms)`)
    .join('\n');

const renderTest = (story: ReportStory, test: ReportTest): Markup => {
  const traceId = traceOf(test);
  return markup`
    <testcase classname="${story.name}${test.group && ` › ${test.group}`}" name="${test.title}" time="${seconds(test.ms)}">${
      traceId === null
        ? null
        : markup`<properties><property name="trace_id" value="${traceId}"/></properties>`
    }${test.status === 'skipped' ? markup`<skipped/>` : null}${
      test.failure === null ? null : renderFailure(test.failure, traceId)
    }${test.steps.length === 0 ? null : markup`<system-out>${describeSteps(test)}</system-out>`}</testcase>`;
};

/** A file that failed on its own is a test case, too: tools count only these. */
const renderStory = (story: ReportStory): Markup => {
  const { passed, failed, skipped } = countTests([story]);
  return markup`
  <testsuite name="${story.name}" tests="${passed + failed + skipped}" failures="${failed}" errors="0" skipped="${skipped}" time="${seconds(story.ms)}">${story.tests.map(
    (test) => renderTest(story, test),
  )}${
    story.failure === null
      ? null
      : markup`
    <testcase classname="${story.name}" name="the file itself" time="0">${renderFailure(story.failure, null)}</testcase>`
  }
  </testsuite>`;
};

/**
 * Renders a report in the XML of JUnit, as CI servers read it. Vitest's own JUnit reporter knows neither steps nor
 * traces, and writes characters that XML forbids, which tests of hostile texts have in their failures.
 */
export const renderJunit = ({ stories, ms }: Report): string => {
  const { passed, failed, skipped } = countTests(stories);
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="e2e" tests="${passed + failed + skipped}" failures="${failed}" errors="0" skipped="${skipped}" time="${seconds(ms)}">${stories.map(renderStory)}
</testsuites>
`.markup;
};
