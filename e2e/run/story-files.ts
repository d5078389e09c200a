import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..', '..');

/** A file of stories. */
export type StoryFile = {
  /** `scenarios` for `e2e/stories/scenarios.e2e.ts`. */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  /** Why it can't run against a remote shop; null when it runs anywhere. */
  readonly localReason: string | null;
};

/** The first line of a file in `e2e/local`. */
const REASON = /^\/\/ Not for a remote shop: (.+)\.\n/;

const readReason = (file: string): string => {
  const [, reason] = REASON.exec(readFileSync(file, 'utf8')) ?? [];
  if (!reason) throw new Error(`${file} must begin with "// Not for a remote shop: <why>."`);
  return reason;
};

/**
 * Lists all files: `e2e/stories` needs only the public addresses of a shop, `e2e/local` needs a shop
 * that was started for it on this machine.
 */
export const listStoryFiles = (): readonly StoryFile[] =>
  globSync('e2e/{stories,local}/*.e2e.ts', { cwd: root })
    .toSorted()
    .map((relative) => {
      const file = path.join(root, relative);
      const isLocal = path.basename(path.dirname(file)) === 'local';
      return {
        name: path.basename(file, '.e2e.ts'),
        file,
        localReason: isLocal ? readReason(file) : null,
      };
    });
