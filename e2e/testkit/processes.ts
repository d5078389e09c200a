import { execFileSync } from 'node:child_process';
import type { AppName } from '../../tools/services.ts';
import type { Shop } from './start-shop.ts';

/** A process of this machine. */
export type Running = { readonly pid: number; readonly parent: number; readonly command: string };

/** Lists every process that this user may see. */
export const listProcesses = (): Running[] =>
  execFileSync('ps', ['-axo', 'pid=,ppid=,stat=,command='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    // A zombie has exited; only its parent has not read its exit code.
    .filter(([, , , state = '']) => !state.startsWith('Z'))
    .map(([, pid, parent, , command = '']) => ({
      pid: Number(pid),
      parent: Number(parent),
      command,
    }));

/** A process and all its descendants. */
export const familyOf = (pid: number): Running[] => {
  const all = listProcesses();
  const family = all.filter((process) => process.pid === pid);
  for (const member of family) {
    family.push(...all.filter((process) => process.parent === member.pid));
  }
  return family;
};

/** Whether the process runs. */
export const isAlive = (pid: number): boolean =>
  listProcesses().some((process) => process.pid === pid);

/** The id of a process of a shop. @throws when it does not run */
const findProcess = (shop: Shop, name: string, pattern: RegExp): number => {
  const found = familyOf(shop.process.pid ?? 0).find(({ command }) => pattern.test(command));
  if (!found) throw new Error(`${name} does not run`);
  return found.pid;
};

export const findApp = (shop: Shop, app: AppName): number =>
  findProcess(shop, app, new RegExp(`apps/${app}/src/main\\.ts`));

export const findPostgres = (shop: Shop): number =>
  findProcess(shop, 'Postgres', /bin\/postgres .*-D/);
