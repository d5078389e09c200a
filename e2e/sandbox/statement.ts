/**
 * What a statement writes, as it stands in a boundary's name: the name in its leading comment, such
 * as `order.place`, or what can be read from its text: `insert orders`, `plan settle_order`.
 */
export type Statement = {
  /** `poll`: looks for work, and mostly finds none. */
  readonly kind: 'read' | 'write' | 'poll' | 'commit' | 'take job' | 'finish job';
  readonly writes: readonly string[];
};

const READ: Statement = { kind: 'read', writes: [] };

/** What services do periodically: a kill there interrupts nothing that a client waits for. */
const MAINTENANCE =
  /crontab|_private_tasks|locked_at < now\(\)|delete from[^;]*SKIP LOCKED\s*\)\s*$|migrations/i;

const POLL = /\bskip locked\b|\bpg_try_advisory/i;

const WRITE =
  /(?<!\b(?:for|key|do)\s)\b(insert into|update|delete from)\s+(?:"?\w+"?\.)?"?(\w+)"?/gi;

const JOB = /\badd_job\(\s*(?:identifier\s*=>\s*)?(?:'(\w+)'|\$(\d+))/gi;

/** The functions of the databases that write, and what they write. */
const WRITING_FUNCTION = /\bclaim_stock_hold\(/;

const COMMENTS = /\/\*.*?\*\/|--[^\n]*/gs;

/** The name in the comment at the beginning, such as `order.place` or `due.claim orders`. */
const NAME = /^\s*\/\*\s*([\w.:-]+(?: [\w.:-]+)*)\s*\*\//;

/** Classifies a statement. It knows the statements of this shop, not SQL in general. */
export const readStatement = (text: string, values: readonly (string | null)[]): Statement => {
  const [, name] = NAME.exec(text) ?? [];
  const sql = text.replaceAll(COMMENTS, ' ').trim();
  if (/^commit\b/i.test(sql)) return { kind: 'commit', writes: [] };
  if (MAINTENANCE.test(sql)) return READ;
  if (/_private_jobs/.test(sql)) {
    if (/attempts = jobs\.attempts \+ 1/.test(sql)) return { kind: 'take job', writes: [] };
    if (/^(?:with j as \(\s*)?delete from/i.test(sql)) return { kind: 'finish job', writes: [] };
    return { kind: 'write', writes: ['note a failed job'] };
  }
  const tables = [...sql.matchAll(WRITE)].map(([, verb = '', table = '']) => {
    return `${verb.split(/\s/)[0]?.toLowerCase()} ${table}`;
  });
  const jobs = [...sql.matchAll(JOB)].map(([, task, index]) => {
    return `plan ${task ?? values[Number(index) - 1] ?? 'a job'}`;
  });
  const holds = WRITING_FUNCTION.test(sql) ? ['insert stock_holds'] : [];
  const writes = [...holds, ...tables, ...jobs];
  if (writes.length === 0) return READ;
  return {
    kind: POLL.test(sql) ? 'poll' : 'write',
    writes: name === undefined ? writes : [name],
  };
};
