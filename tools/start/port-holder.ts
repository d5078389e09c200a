import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { commandOf } from '../postgres/other-process.ts';

/** Longer command lines are cut: the beginning tells what it is. */
const COMMAND_LENGTH = 100;
const LISTENING = '0A';

/** Who listens on a TCP port of this machine, in words: "pid 12 (node main.js)". */
export function describeHolder(port: number): string {
  const pid = fs.existsSync('/proc/net/tcp') ? findByProc(port) : undefined;
  const found = pid ?? findByLsof(port);
  if (found === undefined) return 'another process';
  const command = commandOf(found);
  if (command === undefined) return `pid ${found}`;
  const shown =
    command.length > COMMAND_LENGTH ? `${command.slice(0, COMMAND_LENGTH)}...` : command;
  return `pid ${found} (${shown})`;
}

/** The inodes of the sockets that listen on a port, from the text of /proc/net/tcp or tcp6. */
export function listeningInodes(table: string, port: number): string[] {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(local) && columns[3] === LISTENING)
    .map((columns) => columns[9] ?? '');
}

function findByProc(port: number): number | undefined {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].filter((file) => fs.existsSync(file));
  const sockets = new Set(
    tables
      .flatMap((file) => listeningInodes(fs.readFileSync(file, 'utf8'), port))
      .map((inode) => `socket:[${inode}]`),
  );
  if (sockets.size === 0) return undefined;
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const holder = pids.find((pid) => openFiles(pid).some((file) => sockets.has(file)));
  return holder === undefined ? undefined : Number(holder);
}

/** What a process has open; nothing when it is another user's, or gone. */
function openFiles(pid: string): string[] {
  const links = (folder: string): string[] =>
    fs.readdirSync(folder).flatMap((name) => {
      try {
        return [fs.readlinkSync(`${folder}/${name}`)];
      } catch {
        return [];
      }
    });
  try {
    return links(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
}

function findByLsof(port: number): number | undefined {
  try {
    const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'];
    const output = execFileSync('lsof', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Number(output.split('\n')[0]) || undefined;
  } catch {
    return undefined;
  }
}
