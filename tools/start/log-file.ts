import fs from 'node:fs';
import path from 'node:path';
import { Refusal } from './refusal.ts';

/** A log larger than this at a start is put aside as `.old`, so that logs don't grow for ever. */
const LARGEST_BYTES = 20_000_000;
/** Enough for some lines, however large the file. */
const TAIL_BYTES = 32_000;
const SHOWN_LINES = 20;

/** The file a process writes to, over all its restarts. */
export interface LogFile {
  readonly path: string;
  /** For a child's output; to be closed here once the child has it. */
  open(): { readonly fd: number; close(): void };
  /** The last lines written since this shop was started. */
  tail(lines: number): string[];
}

/** The log of one process, `<name>.log` in an existing folder; what it holds already is kept. */
export function makeLogFile(folder: string, name: string): LogFile {
  const file = path.join(folder, `${name}.log`);
  let start = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (start > LARGEST_BYTES) {
    fs.renameSync(file, `${file}.old`);
    start = 0;
  }
  return {
    path: file,
    open: () => {
      const fd = fs.openSync(file, 'a', 0o600);
      return { fd, close: () => fs.closeSync(fd) };
    },
    tail: (lines) => readFrom(file, start).trimEnd().split('\n').slice(-lines),
  };
}

function readFrom(file: string, start: number): string {
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const from = Math.max(start, size - TAIL_BYTES);
  if (size <= from) return '';
  const fd = fs.openSync(file, 'r');
  const bytes = Buffer.alloc(size - from);
  fs.readSync(fd, bytes, 0, bytes.length, from);
  fs.closeSync(fd);
  return bytes.toString('utf8');
}

/** A refusal that ends with the last lines of what the processes in question wrote. */
export function failureWithLogs(sentence: string, logFiles: readonly LogFile[]): Refusal {
  const tails = logFiles.map((logFile) => {
    const lines = logFile.tail(SHOWN_LINES).map((line) => `  ${line}`);
    return [`\nThe end of ${logFile.path}:`, ...lines].join('\n');
  });
  return new Refusal([sentence, ...tails].join('\n'));
}
