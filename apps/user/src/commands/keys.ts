/** `npm run keys -- publish | sign | retire | remove | status`: rotates the keys of access tokens. */
import { readGiven, runProgram } from '@cartograph/command';
import { makeKeysProgram } from './keys-program.ts';

// With a listener, a signal waits until the file is changed and its lock is released.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  if (process.listenerCount(signal) === 0) process.on(signal, () => process.exit(1));
}
process.exitCode = await runProgram(makeKeysProgram(readGiven(process.env)), process.argv.slice(2));
