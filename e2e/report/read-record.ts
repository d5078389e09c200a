import { existsSync, readFileSync } from 'node:fs';
import type { Line } from '../testkit/record.ts';

/** A longer record is of no use in a report, and may not fit into memory. */
const MAX_LINES = 500_000;

/** Reads what a run noted, in the order in which it was noted; nothing when there is no such file. */
export const readRecord = (file: string): readonly Line[] => {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, MAX_LINES);
  // The last one has no end when its process was killed.
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as Line];
    } catch {
      return [];
    }
  });
};
