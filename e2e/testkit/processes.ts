import { execFileSync } from 'node:child_process';

/** A process of this machine. */
export type Running = { readonly pid: number; readonly parent: number; readonly command: string };

/** Every process that this user may see. */
export const listProcesses = (): Running[] =>
  execFileSync('ps', ['-axo', 'pid=,ppid=,stat=,command='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    // A zombie is gone but for its parent's asking.
    .filter(([, , , state = '']) => !state.startsWith('Z'))
    .map(([, pid, parent, , command = '']) => ({
      pid: Number(pid),
      parent: Number(parent),
      command,
    }));

/** A process and all that it started, and they started. */
export const familyOf = (pid: number): Running[] => {
  const all = listProcesses();
  const family = all.filter((process) => process.pid === pid);
  for (const member of family) {
    family.push(...all.filter((process) => process.parent === member.pid));
  }
  return family;
};

/** True while the process is there. */
export const isAlive = (pid: number): boolean =>
  listProcesses().some((process) => process.pid === pid);
