const BETWEEN_MS = 500;

/**
 * Calls back when the shell that npm ran this process in is gone. npm hands a SIGTERM on to that
 * shell only, which ends without telling anybody: `kill` of an `npm start` in the background would
 * leave the shop running. Without npm nothing is watched, so that nohup and the like keep working.
 */
export function onNpmGone(callback: () => void): void {
  if (!process.env['npm_lifecycle_event']) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, BETWEEN_MS);
  timer.unref();
}
