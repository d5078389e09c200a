import {
  KeyFileError,
  makeKeyFile,
  publishKey,
  removableAt,
  removeKey,
  removeRetired,
  RotationError,
  signWithNewest,
  type KeyFile,
} from '@cartograph/auth';
import { changeKeyFile, findKeyFile, KeyFileBusy } from './key-file.ts';
import { makePem } from './make-pem.ts';
import { parseCommand, USAGE, type Command } from './parse-command.ts';
import { describeKeys, type RotationTimes } from './status.ts';

/** What the command meets outside. */
export type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file of the development shop, which holds when no other is named. */
  readonly developmentFile: string;
  readonly now: () => Date;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
};

type Step = Exclude<Command, { kind: 'usage' | 'help' }>;
type Room = Surroundings & { readonly file: string; readonly times: RotationTimes };

/** Runs one command, and returns the exit code: 2 for a wrong command line, 1 for a refusal. */
export function runCommand(words: readonly string[], surroundings: Surroundings): number {
  const { env, print, printError } = surroundings;
  const command = parseCommand(words);
  if (command.kind === 'usage') {
    printError(`${command.problem}\n${USAGE}`);
    return 2;
  }
  if (command.kind === 'help') {
    print(USAGE);
    return 0;
  }
  const file = command.file ?? (env['JWT_KEYS_FILE'] || surroundings.developmentFile);
  try {
    const times = readTimes(command, env);
    run(command, { ...surroundings, file, times }).forEach(print);
    return 0;
  } catch (error) {
    printError(describeError(error, file));
    return 1;
  }
}

/** Does the step, and returns what to say. */
function run(command: Step, room: Room): string[] {
  const { file, times } = room;
  const now = room.now();
  const change = (by: (before: KeyFile) => KeyFile): KeyFile =>
    changeKeyFile(file, (before) => by(orRefuse(before, file)));
  switch (command.kind) {
    case 'publish':
      return publish(room, now);
    case 'sign': {
      const after = change((before) =>
        signWithNewest(before, now, command.now ? -Infinity : times.waitMs),
      );
      return [`${signerOf(after)} signs. Next: retire, when the tokens of the former are over.`];
    }
    case 'retire':
      return retire(change, now, times);
    case 'remove':
      change((before) => removeKey(before, command.kid));
      return [`${command.kid} is removed: what it signed is refused after the next refresh.`];
    case 'status':
      return [describeKeys(orRefuse(findKeyFile(file), file), now, times)];
  }
}

function publish({ env, file, times, developmentFile }: Room, now: Date): string[] {
  const pem = makePem();
  const current = env['JWT_PRIVATE_KEY']?.replaceAll('\\n', '\n');
  const purpose = file === developmentFile ? 'development' : undefined;
  let isNew = false;
  const after = changeKeyFile(file, (before) => {
    isNew = before === null;
    if (before) return publishKey(before, pem, now);
    // Whoever comes from JWT_PRIVATE_KEY goes on with that key, or its tokens would be refused.
    return current
      ? publishKey(makeKeyFile(current, now, purpose), pem, now)
      : makeKeyFile(pem, now, purpose);
  });
  const made = isNew ? [`${file} is new: ${signerOf(after)} signs.`] : [];
  const published = after.keys.at(-1);
  if (published?.state !== 'published') return made;
  return [...made, `${published.kid} is published. Next: sign, in ${times.waitMs / 1000} s.`];
}

function retire(
  change: (by: (before: KeyFile) => KeyFile) => KeyFile,
  now: Date,
  times: RotationTimes,
): string[] {
  let before: readonly string[] = [];
  const after = change((file) => {
    before = file.keys.map(({ kid }) => kid);
    return removeRetired(file, now, times);
  });
  const kept = after.keys.filter(({ state }) => state === 'retired');
  const gone = before.filter((kid) => after.keys.every((key) => key.kid !== kid));
  if (gone.length + kept.length === 0) return ['No key is retired.'];
  return [
    ...gone.map((kid) => `${kid} is removed.`),
    ...kept.map((key) => {
      const at = removableAt(key, times.tokenLifetimeMs, times.waitMs).toISOString();
      return `${key.kid} stays: its last token may be in use until ${at}.`;
    }),
  ];
}

const signerOf = (file: KeyFile): string =>
  file.keys.find(({ state }) => state === 'signing')?.kid ?? 'no key';

function orRefuse(keys: KeyFile | null, file: string): KeyFile {
  if (keys) return keys;
  throw new RotationError(`There is no ${file}: publish makes it.`);
}

function readTimes(command: Step, env: Surroundings['env']): RotationTimes {
  const read = (name: string, fallback: number): number => {
    const value = Number(env[name] || fallback);
    if (Number.isInteger(value) && value > 0) return value;
    throw new RotationError(`${name} is not a number of milliseconds.`);
  };
  const asked = command.kind === 'remove' ? undefined : command.waitMs;
  return {
    tokenLifetimeMs: read('ACCESS_TOKEN_LIFETIME_MS', 600_000),
    // A key was published just after a refresh, and the next one failed: the one after it brings it.
    waitMs: asked ?? 2 * read('JWKS_REFRESH_MS', 60_000),
  };
}

function describeError(error: unknown, file: string): string {
  if (error instanceof KeyFileError) return `${file}: ${error.message}`;
  if (error instanceof RotationError || error instanceof KeyFileBusy) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  // The message of anything else might show a key.
  return `${file} could not be changed${code ? ` (${code})` : ''}.`;
}
