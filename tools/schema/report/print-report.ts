import type { ChangedFetches, Report, ReportedChange } from './make-report.ts';

const usedBy = ({ level, operations, isContractOnly }: ReportedChange): readonly string[] => {
  if (isContractOnly) return [];
  if (operations.length > 0) {
    const verb = level === 'breaking' ? 'breaks' : 'concerns';
    return [`${verb} ${operations.length}: ${operations.join(', ')}`];
  }
  return level === 'breaking' ? ['no operation in this repository uses it; other clients may'] : [];
};

const printChange = (change: ReportedChange): readonly string[] => {
  const { level, coordinate, message, reason, subgraph, accepted } = change;
  const about = subgraph === null ? '' : ` (only services and routers see it: ${subgraph})`;
  if (level === 'safe') return [`safe       ${coordinate}: ${message}${about}`];
  return [
    `${level.padEnd(10)} ${coordinate}: ${message}${about}`,
    ...[
      ...(reason === null ? [] : [reason]),
      ...usedBy(change),
      accepted === null ? 'not explained in CHANGELOG.md' : `explained: ${accepted}`,
    ].map((line) => `           ${line}`),
  ];
};

const list = (subgraphs: readonly string[] | null): string =>
  subgraphs === null ? 'nothing' : `${subgraphs.length} (${subgraphs.join(', ')})`;

const printFetches = ({ name, committed, now }: ChangedFetches): string =>
  `${name}: the snapshot has ${list(committed)}, the query planner makes ${list(now)}`;

const HOW_TO_EXPLAIN =
  'A change that is not safe needs an entry under "Unreleased" in CHANGELOG.md that names it and, after a ' +
  'colon, the reason:';

/** How a change is explained, as an entry that only lacks its reason. */
export const exampleEntry = ({ coordinate }: ReportedChange): string =>
  `- \`${coordinate}\` changed: why, and what clients do instead.`;

/** One line of numbers. */
export const summarize = ({ changes, counts }: Report): string => {
  const many = `${counts.subgraphs} subgraphs, ${counts.operations} operations`;
  if (changes === null) return `${many}; there is no graph on main to compare with`;
  const count = (level: string) => changes.filter((change) => change.level === level).length;
  return (
    `${many}; since main ${count('breaking')} breaking, ${count('dangerous')} dangerous ` +
    `and ${count('safe')} safe changes`
  );
};

/** The report as lines for a terminal. */
export const printReport = (report: Report): readonly string[] => [
  ...report.faults.map(({ file, line, rule, message }) => `${file}:${line}: ${message} (${rule})`),
  ...report.hints.map((hint) => `composition: ${hint}`),
  ...(report.changes ?? []).flatMap(printChange),
  ...report.broken.map(({ operation, faults }) => `not valid  ${operation}: ${faults.join(' ')}`),
  ...report.fetches.map(printFetches),
  ...(report.fetches.length > 0
    ? ['apps/router/fetches.json is stale: run `npm run schema`, and commit it if that is meant.']
    : []),
  ...(report.unexplained.length > 0
    ? [HOW_TO_EXPLAIN, ...report.unexplained.map(exampleEntry)]
    : []),
  `${report.isPassed ? 'The schema passes' : 'The schema fails'}: ${summarize(report)}.`,
];
