import { describe, expect, it } from 'vitest';
import type { Line } from '../testkit/record.ts';
import { buildReport, countTests, traceOf } from './build-report.ts';
import type { RunResults, TestResult } from './test-results.ts';
import { renderJunit } from './render-junit.ts';
import { renderPage } from './render-page.ts';

const FILE = '/shop/e2e/stories/pay.e2e.ts';
const BROKEN = '/shop/e2e/stories/broken.e2e.ts';
const TRACES = ['a', 'b', 'c'].map((digit) => digit.repeat(32)) as [string, string, string];

const test = (title: string, fields: Partial<TestResult> = {}): TestResult => ({
  ancestorTitles: ['an order', 'of <b>'],
  title,
  fullName: `an order of <b> ${title}`,
  status: 'passed',
  duration: 1_234,
  failureMessages: [],
  ...fields,
});

const RESULTS: RunResults = {
  startTime: Date.UTC(2026, 0, 2, 3, 4, 5),
  testResults: [
    {
      testFilePath: FILE,
      perfStats: { start: 0, end: 2_500 },
      failureMessage: 'all failures',
      testResults: [
        test('is paid'),
        test('is refused', {
          status: 'failed',
          failureMessages: ['\u001b[31mError: <script>alert(1)</script>\u001b[39m \0\n    at pay'],
        }),
        test('is not tried', { status: 'pending', duration: null }),
      ],
    },
    {
      testFilePath: BROKEN,
      perfStats: { start: 0, end: 10 },
      failureMessage: 'SyntaxError: unexpected token &',
      testResults: [],
    },
  ],
};

const request = (name: string, step: string | null, traceId: string, status = 200): Line => ({
  kind: 'request',
  file: FILE,
  test: `an order of <b> ${name}`,
  step,
  method: 'POST',
  path: '/v1/orders/"1"/pay',
  status,
  ms: 12.3,
  traceId,
});

const stepOf = (name: string, title: string, failed = false): Line => ({
  kind: 'step',
  file: FILE,
  test: `an order of <b> ${title}`,
  name,
  ms: 20,
  failed,
});

const LINES: readonly Line[] = [
  request('is paid', 'Pay', TRACES[0]),
  stepOf('Pay', 'is paid'),
  request('is refused', 'Order & pay', TRACES[1]),
  request('is refused', 'Order & pay', TRACES[2], 500),
  stepOf('Order & pay', 'is refused', true),
  { kind: 'made', file: FILE, test: '', what: 'order', id: '1' },
];

const report = buildReport(RESULTS, LINES, {
  ms: 3_000,
  shop: 'the shop at http://shop.example',
  leftOut: [{ name: 'tracing', reason: 'reads the spans of the shop' }],
});

const [broken, pay] = report.stories;
const refused = pay?.tests[1];

describe('a report', () => {
  it('has the steps and traces of each test, and the trace of the last request of a failure', () => {
    expect(pay?.tests.map(({ status }) => status)).toEqual(['passed', 'failed', 'skipped']);
    expect(pay?.tests[0]?.steps).toEqual([
      { name: 'Pay', ms: 20, failed: false, traceIds: [TRACES[0]] },
    ]);
    expect(refused?.steps).toEqual([
      { name: 'Order & pay', ms: 20, failed: true, traceIds: [TRACES[1], TRACES[2]] },
    ]);
    expect(refused && traceOf(refused)).toBe(TRACES[2]);
    expect(refused?.requests.map(({ status }) => status)).toEqual([200, 500]);
    expect(pay?.tests[0]?.requests).toEqual([]);
  });

  it('counts a file that failed on its own, and says why', () => {
    expect(broken).toMatchObject({ name: 'broken', failure: 'SyntaxError: unexpected token &' });
    expect(pay?.failure).toBeNull();
    expect(countTests(report.stories)).toEqual({ passed: 1, failed: 2, skipped: 1 });
  });

  it('shows the requests of the set-up when a test failed before its own', () => {
    const setUp: Line = { ...request('', null, TRACES[0]), test: '' };
    const { stories } = buildReport(RESULTS, [setUp], { ms: 1, shop: 'x', leftOut: [] });
    const failed = stories[1]?.tests[1];
    expect(failed && traceOf(failed)).toBe(TRACES[0]);
  });

  it('bounds what it shows of a failure', () => {
    const many = Array.from({ length: 1_000 }, () => request('is refused', null, TRACES[0]));
    const failure = { status: 'failed', failureMessages: ['x'.repeat(1_000_000)] };
    const [file] = RESULTS.testResults;
    const results = {
      ...RESULTS,
      testResults: [{ ...file!, testResults: [test('is refused', failure)] }],
    };
    const { stories } = buildReport(results, many, { ms: 1, shop: 'x', leftOut: [] });
    expect(stories[0]?.tests[0]?.requests).toHaveLength(20);
    expect(stories[0]?.tests[0]?.failure?.length).toBeLessThan(21_000);
  });
});

describe('the page', () => {
  const html = renderPage(report);

  it('shows the failure with its trace, what passed, and what was not run', () => {
    expect(html).toContain('1 passed, 2 failed, 1 skipped');
    expect(html).toContain(`Trace id of its last request: <code>${TRACES[2]}</code>`);
    expect(html).toContain('Order &amp; pay');
    expect(html).toContain('tracing: reads the spans of the shop');
    expect(html).toContain('the shop at http://shop.example, 2026-01-02T03:04:05.000Z, in 3.0 s');
    expect(html).toContain('<a href="#broken">broken</a>: the file itself');
  });

  it('escapes what tests say, and loads nothing', () => {
    expect(html).toContain('Error: &lt;script&gt;alert(1)&lt;/script&gt; \ufffd');
    expect(html).toContain('of &lt;b&gt;');
    expect(html).not.toMatch(/<script|<link|<img|\ssrc=|url\(|@import/);
    expect(html).not.toContain('\u001b');
    expect(html).not.toContain('\0');
    expect(html).toContain("default-src 'none'");
  });
});

describe('the JUnit file', () => {
  const xml = renderJunit(report);

  it('has a test case for each test, and for a file that failed', () => {
    expect(xml).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="e2e"/);
    expect(xml).toContain(
      '<testsuites name="e2e" tests="4" failures="2" errors="0" skipped="1" time="3.000">',
    );
    expect(xml.match(/<testcase /g)).toHaveLength(4);
    expect(xml).toContain('<failure message="SyntaxError: unexpected token &amp;">');
    expect(xml).toContain('<skipped/>');
  });

  it('has the trace of a failure, and its steps', () => {
    expect(xml).toContain(`<property name="trace_id" value="${TRACES[2]}"/>`);
    expect(xml).toContain(`trace id of the last request: ${TRACES[2]}</failure>`);
    expect(xml).toContain('<system-out>FAILED Order &amp; pay (20 ms)</system-out>');
  });

  it('has no character that XML forbids, and no markup of a test', () => {
    expect(xml).toContain('message="Error: &lt;script&gt;alert(1)&lt;/script&gt; \ufffd"');
    expect(xml).toContain('classname="pay › an order › of &lt;b&gt;"');
    for (const text of ['<script', '\0', '\u001b']) expect(xml).not.toContain(text);
  });
});
