/** What a statement writes, as it stands in a boundary's name: `insert orders`, `plan settle_order`. */
export type Statement = {
  readonly kind: 'read' | 'write' | 'commit' | 'take job' | 'finish job';
  readonly writes: readonly string[];
};

const READ: Statement = { kind: 'read', writes: [] };

/** What services do periodically: a kill there interrupts nothing that a client waits for. */
const HOUSEKEEPING =
  /crontab|_private_tasks|locked_at < now\(\)|SKIP LOCKED\s*\)\s*$|migrations|abandoned_at IS NOT NULL/i;

const WRITE =
  /(?<!\b(?:for|key|do)\s)\b(insert into|update|delete from)\s+(?:"?\w+"?\.)?"?(\w+)"?/gi;

const JOB = /\badd_job\(\s*(?:identifier\s*=>\s*)?(?:'(\w+)'|\$(\d+))/gi;

/** Classifies a statement. It knows the statements of this shop, not SQL in general. */
export const readStatement = (sql: string, values: readonly (string | null)[]): Statement => {
  if (/^\s*commit\b/i.test(sql)) return { kind: 'commit', writes: [] };
  if (HOUSEKEEPING.test(sql)) return READ;
  if (/_private_jobs/.test(sql)) {
    if (/attempts = jobs\.attempts \+ 1/.test(sql)) return { kind: 'take job', writes: [] };
    if (/^\s*(?:with j as \(\s*)?delete from/i.test(sql)) return { kind: 'finish job', writes: [] };
    return { kind: 'write', writes: ['note a failed job'] };
  }
  const tables = [...sql.matchAll(WRITE)].map(([, verb = '', table = '']) => {
    return `${verb.split(/\s/)[0]?.toLowerCase()} ${table}`;
  });
  const jobs = [...sql.matchAll(JOB)].map(([, name, index]) => {
    return `plan ${name ?? values[Number(index) - 1] ?? 'a job'}`;
  });
  const holds = /\bclaim_stock_hold\(/.test(sql) ? ['insert stock_holds'] : [];
  const writes = [...holds, ...tables, ...jobs];
  return writes.length === 0 ? READ : { kind: 'write', writes };
};
