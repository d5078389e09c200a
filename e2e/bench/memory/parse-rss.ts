/** Reads VmRSS of /proc/<pid>/status (proc_pid_status(5)), in megabytes. */
export const parseRss = (status: string): number => {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kilobytes === undefined) throw new Error('a process without VmRSS has ended');
  return Number(kilobytes) / 1024;
};
