import { spawn } from 'node:child_process';

/** Waits for its input to end, that is for its parent to die; then it is its parent's heir. */
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
 * can do so itself. Postgres has no way of its own to notice that.
 * @returns ends the watch; to be called once the server has stopped, before its pid is another's
 */
export function guardServer(pid: number, foldersToRemove: readonly string[]): () => void {
  if (process.platform === 'win32') return () => {};
  const args = ['-c', SCRIPT, 'sh', String(pid), ...foldersToRemove];
  const guard = spawn('/bin/sh', args, {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a guard all works but the clean end after a kill -9, which the next start mends.
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  return () => guard.kill('SIGKILL');
}
