/** Runs a process that ends only at a signal, and does something after it, with `slow` after a preparation that takes a while. */
import { spawn } from 'node:child_process';
import { runChild } from '../run-child.ts';

const [mode = ''] = process.argv.slice(2);
const LONG = 'console.log("started"); setInterval(() => {}, 1_000)';

const prepare = async (): Promise<void> => {
  if (mode !== 'slow') return;
  console.log('started');
  await new Promise((done) => setTimeout(done, 500));
};

process.exitCode = await runChild(prepare, () =>
  spawn(process.execPath, ['--eval', LONG], { stdio: 'inherit' }),
);
console.log('after');
