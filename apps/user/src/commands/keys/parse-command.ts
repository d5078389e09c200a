import { parseArgs } from 'node:util';

const KINDS = ['publish', 'sign', 'retire', 'remove', 'status'] as const;

/** What the command line asks for; `usage` says what is wrong with it. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly problem: string }
  | {
      readonly kind: Exclude<(typeof KINDS)[number], 'remove'>;
      readonly file: string | undefined;
      /** Seconds that --wait gives, in milliseconds. */
      readonly waitMs: number | undefined;
      readonly now: boolean;
    }
  | { readonly kind: 'remove'; readonly file: string | undefined; readonly kid: string };

export const USAGE = `usage: npm run keys -- publish [--file PATH]
       npm run keys -- sign [--file PATH] [--wait SECONDS | --now]
       npm run keys -- retire [--file PATH] [--wait SECONDS]
       npm run keys -- remove KID [--file PATH]
       npm run keys -- status [--file PATH] [--wait SECONDS]`;

const usage = (problem: string): Command => ({ kind: 'usage', problem });

const isKind = (word: string | undefined): word is (typeof KINDS)[number] =>
  KINDS.some((kind) => kind === word);

/** Reads the words after `main.ts`. Never throws. */
export function parseCommand(words: readonly string[]): Command {
  try {
    return readCommand(words);
  } catch (error) {
    return usage((error as Error).message);
  }
}

function readCommand(words: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      file: { type: 'string' },
      wait: { type: 'string' },
      now: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [kind, kid, ...rest] = positionals;
  const { file, wait, now, help } = values;
  if (help) return { kind: 'help' };
  if (!isKind(kind)) return usage(kind === undefined ? 'no command' : `unknown command: ${kind}`);
  if (file === '') return usage('--file is empty');
  if (now && kind !== 'sign') return usage('--now is for sign alone');
  if (rest.length > 0) return usage(`too many words: ${rest.join(' ')}`);
  if (kind === 'remove') {
    if (kid === undefined) return usage('remove takes the id of a key');
    if (wait !== undefined) return usage('remove does not wait');
    return { kind, file, kid };
  }
  if (kid !== undefined) return usage(`${kind} takes no key`);
  if (wait !== undefined && !/^\d{1,9}$/.test(wait)) return usage(`--wait is not seconds: ${wait}`);
  if (wait !== undefined && kind === 'publish') return usage('publish does not wait');
  if (wait !== undefined && now) return usage('--wait or --now, not both');
  return { kind, file, waitMs: wait === undefined ? undefined : Number(wait) * 1000, now };
}
