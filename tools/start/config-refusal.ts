import type { LogFile } from './log-file.ts';

const FIRST_LINE = 'The configuration is not valid:';
/** As many variables as an app reads may be wrong, each a line. */
const SEARCHED_LINES = 100;

/** The sentence of an app that ended because of its configuration: what it wrote last. */
export function describeConfigRefusal(
  name: string,
  logFile: Pick<LogFile, 'tail' | 'path'>,
): string {
  const lines = logFile.tail(SEARCHED_LINES);
  const first = lines.lastIndexOf(FIRST_LINE);
  if (first < 0) return `${name} refuses its configuration; see ${logFile.path}.`;
  const faults = lines.slice(first + 1).filter((line) => line.startsWith('  '));
  return [`${name} can't run. ${FIRST_LINE}`, ...faults].join('\n');
}
