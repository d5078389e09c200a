import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Line, RequestEntry } from '../testkit/record.ts';
import type { FileResult, RunResults, TestResult } from './test-results.ts';

/** A step of a test, with the traces of its requests. */
export type ReportStep = {
  readonly name: string;
  readonly ms: number;
  readonly failed: boolean;
  readonly traceIds: readonly string[];
};

export type ReportTest = {
  readonly group: string;
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly ms: number;
  readonly steps: readonly ReportStep[];
  /** Null unless the test failed. */
  readonly failure: string | null;
  /** The last requests before the failure; the last one comes last. */
  readonly requests: readonly RequestEntry[];
};

/** A file of tests. */
export type ReportStory = {
  readonly name: string;
  readonly ms: number;
  readonly tests: readonly ReportTest[];
  /** Why the file failed although no test of it did; else null. */
  readonly failure: string | null;
};

export type Report = {
  readonly startedAt: Date;
  readonly ms: number;
  /** What was tested, for people. */
  readonly shop: string;
  /** Files that were not run, with the reason. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  readonly stories: readonly ReportStory[];
};

/** The requests that are shown of a test that failed. */
const MAX_REQUESTS = 20;

/** The traces that are shown of a step. */
const MAX_TRACES = 5;

/** Longer failures are cut: a test may compare texts of a megabyte. */
const MAX_FAILURE = 20_000;

const cut = (message: string): string => {
  const text = stripVTControlCharacters(message);
  return text.length <= MAX_FAILURE ? text : `${text.slice(0, MAX_FAILURE)}\n... (cut)`;
};

const statusOf = (status: string): ReportTest['status'] =>
  status === 'passed' || status === 'failed' ? status : 'skipped';

const isRequest = (line: Line): line is Line & RequestEntry => line.kind === 'request';

const buildSteps = (lines: readonly Line[]): readonly ReportStep[] =>
  lines.flatMap((line) => {
    if (line.kind !== 'step') return [];
    const { name, ms, failed } = line;
    const requests = lines.filter(isRequest).filter(({ step }) => step === name);
    const traceIds = [...new Set(requests.map(({ traceId }) => traceId))].slice(-MAX_TRACES);
    return [{ name, ms, failed, traceIds }];
  });

/** @param before lines of the file outside of tests: a failed set-up fails its tests */
const buildTest = (
  test: TestResult,
  lines: readonly Line[],
  before: readonly Line[],
): ReportTest => {
  const isFailed = test.status === 'failed';
  const requests = lines.filter(isRequest);
  const shown = requests.length > 0 ? requests : before.filter(isRequest);
  return {
    group: test.ancestorTitles.join(' › '),
    title: test.title,
    status: statusOf(test.status),
    ms: test.duration ?? 0,
    steps: buildSteps(lines),
    failure: isFailed ? cut(test.failureMessages.join('\n\n')) : null,
    requests: isFailed ? shown.slice(-MAX_REQUESTS) : [],
  };
};

const buildStory = (file: FileResult, lines: readonly Line[]): ReportStory => {
  const byTest = Map.groupBy(lines, ({ test }) => test);
  const tests = file.testResults.map((test) =>
    buildTest(test, byTest.get(test.fullName) ?? [], byTest.get('') ?? []),
  );
  const isExplained = tests.some(({ status }) => status === 'failed');
  return {
    name: path.basename(file.testFilePath, '.e2e.ts'),
    ms: file.perfStats.end - file.perfStats.start,
    tests,
    failure: file.failureMessage && !isExplained ? cut(file.failureMessage) : null,
  };
};

/** Joins the results of the tests with what the tests noted. @param ms how long the run took */
export const buildReport = (
  results: RunResults,
  lines: readonly Line[],
  rest: Pick<Report, 'ms' | 'shop' | 'leftOut'>,
): Report => {
  const byFile = Map.groupBy(lines, ({ file }) => file);
  return {
    ...rest,
    startedAt: new Date(results.startTime),
    stories: results.testResults
      .map((file) => buildStory(file, byFile.get(file.testFilePath) ?? []))
      .toSorted((one, other) => one.name.localeCompare(other.name)),
  };
};

/** Where to look first: the trace of the last request of a failed test; null when it sent none. */
export const traceOf = ({ requests }: ReportTest): string | null =>
  requests.at(-1)?.traceId ?? null;

/** The tests of each status. A file that failed on its own counts as a failed test. */
export const countTests = (stories: readonly ReportStory[]) => {
  const count = (wanted: ReportTest['status']): number =>
    stories.flatMap(({ tests }) => tests).filter(({ status }) => status === wanted).length;
  const files = stories.filter(({ failure }) => failure !== null).length;
  return { passed: count('passed'), failed: count('failed') + files, skipped: count('skipped') };
};
