import fs from 'node:fs';
import type { ProductionShop } from './open-production-shop.ts';

/** Linux counts the time of processes in hundredths of a second. */
const MS_PER_TICK = 10;

/** What a process has used, in milliseconds of CPU. */
export type ProcessTime = {
  readonly own: number;
  /** Of its children that have ended. */
  readonly endedChildren: number;
};

/** Reads /proc/<pid>/stat (proc_pid_stat(5): utime, stime, cutime and cstime are fields 14 to 17). */
export const parseProcessStat = (text: string): ProcessTime => {
  // The name of the program, in parentheses, may contain anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
  const sum = (one = Number.NaN, other = Number.NaN) => (one + other) * MS_PER_TICK;
  return { own: sum(utime, stime), endedChildren: sum(cutime, cstime) };
};

/** The database of a Postgres process, from its title; null for those that serve no client. */
export const parseBackendTitle = (title: string): string | null => {
  const [, database = null] = /^postgres: \S+ (\S+) \d[\d.]*\(\d+\)/.exec(title) ?? [];
  return database;
};

/** What all processes of a shop have used so far. */
export type CpuSnapshot = {
  /** By process id: the name of its row, and its time. */
  readonly processes: ReadonlyMap<number, { readonly name: string; readonly ms: number }>;
  readonly endedBackendsMs: number;
};

const readProcess = (pid: number): ProcessTime | null => {
  try {
    return parseProcessStat(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    // It has ended; ESRCH comes when it ends while it is read.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
};

const readTitle = (pid: number): string => {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
};

/** @param shop whose databases are called `cartograph_<service>` */
export const readCpu = (
  shop: Pick<ProductionShop, 'postgresPid'>,
  apps: Readonly<Record<string, number>>,
): CpuSnapshot => {
  if (process.platform !== 'linux') throw new Error('CPU time is read from /proc, of Linux');
  const processes = new Map<number, { name: string; ms: number }>();
  const add = (name: string, pid: number): void => {
    const time = readProcess(pid);
    if (time) processes.set(pid, { name, ms: time.own });
  };
  for (const [name, pid] of Object.entries(apps)) add(name, pid);
  const { postgresPid: pid } = shop;
  add('postgres', pid);
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  for (const child of children.split(' ').map(Number)) {
    const database = parseBackendTitle(readTitle(child));
    // The connection that reads the counts.
    if (database === 'postgres') continue;
    // Autovacuum, the writer of the log and others belong to no database.
    add(database ? `postgres ${database.replace('cartograph_', '')}` : 'postgres', child);
  }
  return { processes, endedBackendsMs: readProcess(pid)?.endedChildren ?? 0 };
};

/** What was used between two snapshots, in milliseconds by name. */
export const cpuBetween = (before: CpuSnapshot, after: CpuSnapshot): Record<string, number> => {
  const used: Record<string, number> = {};
  const add = (name: string, ms: number): void => void (used[name] = (used[name] ?? 0) + ms);
  for (const [pid, { name, ms }] of after.processes) {
    const earlier = before.processes.get(pid);
    add(name, ms - (earlier?.ms ?? 0));
  }
  // A backend that ended in between: all of its time is in the sum, also what was before.
  let counted = 0;
  for (const [pid, { ms }] of before.processes) if (!after.processes.has(pid)) counted += ms;
  add('postgres', after.endedBackendsMs - before.endedBackendsMs - counted);
  return used;
};
