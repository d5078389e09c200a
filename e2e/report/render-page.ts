import {
  countTests,
  traceOf,
  type Report,
  type ReportStep,
  type ReportStory,
  type ReportTest,
} from './build-report.ts';
import { markup, type Markup } from './markup.ts';
import { PAGE_STYLE } from './page-style.ts';

const MARKS: Readonly<Record<ReportTest['status'], string>> = {
  passed: '✓',
  failed: '✗',
  skipped: '–',
};

const duration = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;

const trace = (id: string): Markup => markup` <code>${id}</code>`;

const renderStep = ({ name, ms, failed, traceIds }: ReportStep): Markup => markup`
          <li${failed ? markup` class="failed"` : null}>${name} <span class="ms">${duration(ms)}</span>${
            traceIds.length === 0 ? null : markup`<br>traces:${traceIds.map(trace)}`
          }</li>`;

const renderRequests = ({ requests }: ReportTest): Markup => markup`
        <details><summary>The last ${requests.length} requests</summary>
        <table><tr><th>step</th><th>request</th><th>status</th><th>ms</th><th>trace id</th></tr>${requests.map(
          ({ step, method, path, status, ms, traceId }) => markup`
          <tr><td>${step}</td><td>${method} ${path}</td><td>${status === 0 ? 'no response' : status}</td><td>${Math.round(ms)}</td><td><code>${traceId}</code></td></tr>`,
        )}
        </table></details>`;

const renderFailure = (test: ReportTest): Markup => {
  const traceId = traceOf(test);
  return markup`
        <pre>${test.failure}</pre>
        <p>${traceId === null ? 'It sent no request.' : markup`Trace id of its last request:${trace(traceId)}`}</p>${
          test.requests.length === 0 ? null : renderRequests(test)
        }`;
};

const renderTest = (test: ReportTest): Markup => markup`
      <li><span class="${test.status}">${MARKS[test.status]}</span> ${test.title} <span class="ms">${duration(test.ms)}</span>${
        test.steps.length === 0
          ? null
          : markup`
        <ol class="steps">${test.steps.map(renderStep)}
        </ol>`
      }${test.failure === null ? null : renderFailure(test)}
      </li>`;

const renderGroup = (group: string, tests: readonly ReportTest[]): Markup => markup`${
  group === ''
    ? null
    : markup`
    <p class="group">${group}</p>`
}
    <ul class="tests">${tests.map(renderTest)}
    </ul>`;

const renderStory = (story: ReportStory): Markup => {
  const { passed, failed, skipped } = countTests([story]);
  const groups = [...Map.groupBy(story.tests, ({ group }) => group)];
  const status = failed > 0 ? 'failed' : 'passed';
  return markup`
  <details class="story" id="${story.name}"${failed > 0 ? markup` open` : null}>
    <summary><span class="${status}">${MARKS[status]}</span> ${story.name}
      <span class="muted">${passed} passed${failed > 0 ? `, ${failed} failed` : null}${skipped > 0 ? `, ${skipped} skipped` : null},</span>
      <span class="ms">${duration(story.ms)}</span></summary>${
        story.failure === null
          ? null
          : markup`
    <pre>${story.failure}</pre>`
      }${groups.map(([group, tests]) => renderGroup(group, tests))}
  </details>`;
};

const renderFailedList = (stories: readonly ReportStory[]): Markup | null => {
  const failed = stories.filter((story) => countTests([story]).failed > 0);
  if (failed.length === 0) return null;
  return markup`
<h2>Failed</h2>
<ul>${failed.map(
    ({ name, tests, failure }) => markup`
  <li><a href="#${name}">${name}</a>: ${[
    ...tests.filter(({ status }) => status === 'failed').map(({ title }) => title),
    ...(failure === null ? [] : ['the file itself']),
  ].join('; ')}</li>`,
  )}
</ul>`;
};

const renderLeftOut = (leftOut: Report['leftOut']): Markup | null =>
  leftOut.length === 0
    ? null
    : markup`
<h2>Not run</h2>
<p>These files need a shop that is started for them:</p>
<ul>${leftOut.map(
        ({ name, reason }) => markup`
  <li>${name}: ${reason}</li>`,
      )}
</ul>`;

/** Renders a report as one page of HTML that loads nothing and runs nothing. */
export const renderPage = ({ stories, shop, startedAt, ms, leftOut }: Report): string => {
  const { passed, failed, skipped } = countTests(stories);
  const status = failed > 0 ? 'failed' : 'passed';
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>e2e: ${failed > 0 ? `${failed} failed` : 'passed'}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<h1>Cartograph, end to end</h1>
<p class="muted">${shop}, ${startedAt.toISOString()}, in ${duration(ms)}</p>
<p class="verdict ${status}">${MARKS[status]} ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : null}</p>${renderFailedList(stories)}
<h2>Stories</h2>${stories.map(renderStory)}${renderLeftOut(leftOut)}
</body>
</html>
`.markup;
};
