import { createHash } from 'node:crypto';
import { escapeHtml } from './escape-html.ts';
import { formatRate, formatSeconds, formatTime } from './format-value.ts';
import { SCRIPT } from './page-script.ts';
import { STYLE } from './page-style.ts';
import { sparkline } from './sparkline.ts';
import type { LastError, TrafficPoint } from './summarize.ts';
import { MAX_READINGS, type ProcessStatus, type ShopStatus } from './watch-shop.ts';

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Allows the style and the script of the page, and nothing from elsewhere. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(STYLE)}`,
  `script-src ${hashOf(SCRIPT)}`,
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A word that is not told by its colour alone. */
const pill = (kind: 'good' | 'warn' | 'bad', mark: string, text: string): string =>
  `<span class="pill ${kind}"><span aria-hidden="true">${mark}</span> ${escapeHtml(text)}</span>`;

const PILLS: Readonly<Record<ProcessStatus['state'], string>> = {
  ready: pill('good', '●', 'ready'),
  'not ready': pill('bad', '▲', 'not ready'),
  draining: pill('warn', '■', 'draining'),
  'no answer': pill('bad', '✕', 'no answer'),
  'not read yet': pill('warn', '…', 'not read yet'),
};

type ChartKey = 'requestsPerSecond' | 'errorsPerSecond' | 'p99Seconds';

const CHARTS: readonly {
  readonly key: ChartKey;
  readonly title: string;
  readonly format: (value: number | null) => string;
}[] = [
  { key: 'requestsPerSecond', title: 'Requests', format: formatRate },
  { key: 'errorsPerSecond', title: 'Errors', format: formatRate },
  { key: 'p99Seconds', title: 'p99', format: formatSeconds },
];

const renderChart = (
  { key, title, format }: (typeof CHARTS)[number],
  now: TrafficPoint | null,
  history: readonly TrafficPoint[],
): string => {
  const values = history.map((point) => point[key]);
  const current = format(now?.[key] ?? null);
  const known = values.filter((value) => value !== null);
  const highest = known.length === 0 ? 'nothing yet' : `at most ${format(Math.max(...known))}`;
  const label = `${title} of the last quarter of an hour: ${highest}`;
  const picture = sparkline(values, { slots: MAX_READINGS - 1, label });
  return `<figure><figcaption>${title}<b>${current}</b></figcaption>${picture}</figure>`;
};

const renderCircuits = ({ circuits }: ProcessStatus): string =>
  circuits.map(({ peer, state }) => escapeHtml(`${peer}: ${state.replace('_', ' ')}`)).join(', ');

/** Facts that a process has, and no empty rows. */
const renderFacts = (process: ProcessStatus): string => {
  const { failingChecks, version, uptimeSeconds, overdueRows, dead } = process;
  const { dueLagSeconds, eventLagSeconds } = process;
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['failing', escapeHtml(failingChecks.join(', '))],
    ['version', version === null ? '' : escapeHtml(version)],
    ['up for', uptimeSeconds === null ? '' : formatSeconds(uptimeSeconds)],
    ['circuits', renderCircuits(process)],
    ['due rows', dueLagSeconds === null ? '' : `claimed within ${formatSeconds(dueLagSeconds)}`],
    ['overdue', overdueRows > 0 ? `${overdueRows} rows` : ''],
    ['dead', dead > 0 ? `${dead} wait for an operator` : ''],
    [
      'outbox',
      eventLagSeconds === null ? '' : `published within ${formatSeconds(eventLagSeconds)}`,
    ],
  ];
  const rows = facts.filter(([, value]) => value !== '');
  return `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`;
};

const renderProcess = (process: ProcessStatus): string => `<article>
<div class="head"><h3>${escapeHtml(process.name)}</h3>${PILLS[process.state]}</div>
<div class="charts">${CHARTS.map((chart) => renderChart(chart, process.now, process.history)).join('')}</div>
${renderFacts(process)}
</article>`;

const renderErrors = (errors: readonly LastError[]): string => {
  if (errors.length === 0) return '<p class="soft">None since this page is watched.</p>';
  const rows = errors.map(
    ({ at, process, code, where, count }) =>
      `<tr><td>${formatTime(at)}</td><td>${escapeHtml(process)}</td><td>${escapeHtml(code)}</td>` +
      `<td>${escapeHtml(where)}</td><td>${count}</td></tr>`,
  );
  return `<div class="table" tabindex="0" role="region" aria-label="Last errors"><table>
<thead><tr><th scope="col">UTC</th><th scope="col">Process</th><th scope="col">Code</th><th scope="col">Where</th><th scope="col">Times</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`;
};

/** What matters most, in one sentence. */
const renderBanner = (processes: readonly ProcessStatus[]): string => {
  const broken = processes.filter(({ state }) => state !== 'ready');
  if (broken.length > 0) {
    const names = broken.map(({ name }) => name).join(', ');
    return `<p class="banner bad">Not ready: ${escapeHtml(names)}</p>`;
  }
  const open = processes.flatMap(({ name, circuits }) =>
    circuits.filter(({ state }) => state !== 'closed').map(({ peer }) => `${name} to ${peer}`),
  );
  const waiting = processes.filter(({ dead }) => dead > 0).map(({ name }) => name);
  const warnings = [
    ...(open.length > 0 ? [`Circuits are open: ${open.join(', ')}`] : []),
    ...(waiting.length > 0 ? [`Work waits for an operator: ${waiting.join(', ')}`] : []),
  ];
  if (warnings.length > 0) {
    return `<p class="banner warn">${escapeHtml(warnings.join('. '))}</p>`;
  }
  return `<p class="banner good">All ${processes.length} processes are ready</p>`;
};

/** The page of a shop, as HTML. It needs nothing else. */
export const renderPage = ({ at, processes, lastErrors }: ShopStatus): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>${processes.every(({ state }) => state === 'ready') ? '' : '(!) '}Cartograph: status</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Cartograph: status</h1>
<label class="soft" hidden><input type="checkbox" id="refresh" checked> Refresh every 10 s</label>
<p id="note" class="soft" role="status" hidden>This page could not be refreshed.</p>
</header>
<main>
${renderBanner(processes)}
<p class="soft">${at === null ? 'Nothing was read yet.' : `Read at ${formatTime(at)} UTC. Figures are of the last minute, lines of the last quarter of an hour.`}</p>
<h2>Processes</h2>
<div class="grid">
${processes.map(renderProcess).join('\n')}
</div>
<h2>Last errors</h2>
${renderErrors(lastErrors)}
</main>
<footer><p class="soft">The same as JSON: <a href="/status.json">/status.json</a></p></footer>
<script>${SCRIPT}</script>
</body>
</html>
`;
