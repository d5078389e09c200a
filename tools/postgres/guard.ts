import { spawn } from 'node:child_process';

/** Waits for its input to end, which is when its parent ends, and then stops the server. */
const SCRIPT = `
read -r _
pid=$1; shift
kill -INT "$pid"
tries=0
while kill -0 "$pid" && [ "$tries" -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
kill -QUIT "$pid"
[ "$#" -eq 0 ] || rm -rf -- "$@"
`;

/**
 * Has a Postgres stopped, and the given folders removed, should this process be killed before it
 * can do so itself. Postgres does not notice that.
 * @returns ends the guard; to be called when the server has stopped, before its pid is reused
 */
export const guardServer = (pid: number, foldersToRemove: readonly string[]): (() => void) => {
  if (process.platform === 'win32') return () => {};
  const guard = spawn('/bin/sh', ['-c', SCRIPT, 'sh', String(pid), ...foldersToRemove], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a guard only the clean end after a kill -9 is missing, which the next start makes up for.
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  return () => guard.kill('SIGKILL');
};
