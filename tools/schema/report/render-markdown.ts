import type { Level } from '../changes/change.ts';
import type { Report, ReportedChange } from './make-report.ts';
import { exampleEntry, summarize } from './print-report.ts';

/** More rows than anyone reads in a pull request; the terminal has them all. */
const MAX_ROWS = 100;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();

const table = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] => {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  const rest = rows.length - MAX_ROWS;
  return [
    line(head),
    line(head.map(() => '---')),
    ...rows.slice(0, MAX_ROWS).map(line),
    ...(rest > 0 ? ['', `And ${rest} more.`] : []),
    '',
  ];
};

const section = (
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] => (rows.length === 0 ? [] : [`### ${title}`, '', ...table(head, rows)]);

const whom = ({ level, operations, subgraph, isContractOnly }: ReportedChange): string => {
  if (isContractOnly) return 'code generated from `/schema.graphql`';
  if (operations.length > 0) return operations.map((name) => `\`${name}\``).join(', ');
  if (subgraph !== null) return 'services and routers only';
  return level === 'breaking' ? 'no operation here; other clients may' : '';
};

const changeRows = (report: Report, level: Level) =>
  (report.changes ?? [])
    .filter((change) => change.level === level)
    .map((change) => [
      `\`${change.coordinate}\``,
      change.reason === null ? change.message : `${change.message}: ${change.reason}`,
      whom(change),
      change.accepted ?? '**not explained**',
    ]);

const changeSection = (report: Report, level: Level, title: string) =>
  section(title, ['where', 'what', 'used by', 'in the changelog'], changeRows(report, level));

const count = (subgraphs: readonly string[] | null): string =>
  subgraphs === null ? 'none' : `${subgraphs.length}: ${subgraphs.join(', ')}`;

/** The report as Markdown, for the page of a pull request. */
export const renderMarkdown = (report: Report): string => {
  const safe = changeRows(report, 'safe').map(([where = '', what = '']) => [where, what]);
  const explain = report.unexplained.map(exampleEntry);
  return [
    `## Schema: ${report.isPassed ? 'passes' : 'fails'}`,
    '',
    `${summarize(report)}.`,
    '',
    ...changeSection(report, 'breaking', 'Breaking'),
    ...changeSection(report, 'dangerous', 'Dangerous'),
    ...(explain.length === 0
      ? []
      : ['Explain them under "Unreleased" in `CHANGELOG.md`:', '', '```md', ...explain, '```', '']),
    ...section(
      'Operations that are not valid',
      ['operation', 'why'],
      report.broken.map(({ operation, faults }) => [`\`${operation}\``, faults.join(' ')]),
    ),
    ...section(
      'Conventions',
      ['where', 'what', 'rule'],
      report.faults.map(({ file, line, rule, message }) => [`${file}:${line}`, message, rule]),
    ),
    ...section(
      'Hints of composition',
      ['hint'],
      report.hints.map((hint) => [hint]),
    ),
    ...section(
      'Fetches of operations',
      ['operation', 'snapshot', 'now'],
      report.fetches.map(({ name, committed, now }) => [name, count(committed), count(now)]),
    ),
    ...section('Safe', ['where', 'what'], safe),
  ].join('\n');
};
