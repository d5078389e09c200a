import { removableAt, type KeyEntry, type KeyFile } from '@cartograph/auth';

/** How long what takes how long, in milliseconds. */
export type RotationTimes = { readonly tokenLifetimeMs: number; readonly waitMs: number };

/** A table of the keys, one a line, and what each waits for. Shows nothing private. */
export function describeKeys(file: KeyFile, now: Date, times: RotationTimes): string {
  const rows = file.keys.map((key) => [key.kid, key.state, key.since, next(key, now, times)]);
  const table = [['kid', 'state', 'since', 'next'], ...rows];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...table.map((row) => (row[column] ?? '').length)),
  );
  const lines = table.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '),
  );
  return [...lines, ...(file.purpose ? [`These keys are for ${file.purpose} alone.`] : [])].join(
    '\n',
  );
}

function next(key: KeyEntry, now: Date, { tokenLifetimeMs, waitMs }: RotationTimes): string {
  if (key.state === 'signing') return '-';
  const isRetired = key.state === 'retired';
  const at = isRetired
    ? removableAt(key, tokenLifetimeMs, waitMs)
    : new Date(Date.parse(key.since) + waitMs);
  return `can ${isRetired ? 'be removed' : 'sign'} ${at <= now ? 'now' : `at ${at.toISOString()}`}`;
}
