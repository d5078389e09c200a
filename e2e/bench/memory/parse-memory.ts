const megabytesOf = (text: string, field: 'VmRSS' | 'Pss'): number => {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  if (kilobytes === undefined) throw new Error(`a process without ${field} has ended`);
  return Number(kilobytes) / 1024;
};

/** Reads VmRSS of /proc/<pid>/status (proc_pid_status(5)), in megabytes. */
export const parseRss = (status: string): number => megabytesOf(status, 'VmRSS');

/**
 * Reads Pss of /proc/<pid>/smaps_rollup (proc_pid_smaps(5)), in megabytes: a page that several
 * processes share, such as one of Node's program, counts for each of them in part.
 */
export const parsePss = (rollup: string): number => megabytesOf(rollup, 'Pss');
