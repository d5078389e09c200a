import {
  KeyFileError,
  makeKeyFile,
  publishKey,
  removableAt,
  removeKey,
  removeRetired,
  RotationError,
  signWithNewest,
  type KeyEntry,
  type KeyFile,
} from '@cartograph/auth';
import {
  CommandFailure,
  EXIT,
  makeProgram,
  matching,
  stateDirOf,
  wholeNumber,
  type Command,
  type Variables,
} from '@cartograph/command';
import { Option } from 'commander';
import { changeKeyFile, developmentKeysFile, findKeyFile, makePem } from './key-file.ts';

type Keys = {
  readonly file: string;
  readonly env: Variables;
  readonly now: Date;
  readonly tokenLifetimeMs: number;
  /** How long verifiers need to fetch a new key, in milliseconds. */
  readonly waitMs: number;
};
type Options = { readonly file?: string; readonly wait?: number; readonly now?: true };

const readMs = (env: Variables, name: string, fallback: number): number => {
  const value = Number(env[name] ?? fallback);
  if (Number.isInteger(value) && value > 0) return value;
  throw new RotationError(`${name} is not a number of milliseconds.`);
};

const developmentFile = (env: Variables): string => developmentKeysFile(stateDirOf(env));

const signerOf = ({ keys }: KeyFile): string =>
  keys.find(({ state }) => state === 'signing')?.kid ?? 'no key';

const requireKeys = (found: KeyFile | null, file: string): KeyFile => {
  if (found) return found;
  throw new RotationError(`There is no ${file}: publish makes it.`);
};

const change = (file: string, by: (before: KeyFile) => KeyFile): KeyFile =>
  changeKeyFile(file, (before) => by(requireKeys(before, file)));

const publish = ({ file, env, now, waitMs }: Keys): string[] => {
  const pem = makePem();
  const current = env['JWT_PRIVATE_KEY']?.replaceAll('\\n', '\n');
  const purpose = file === developmentFile(env) ? 'development' : undefined;
  let isNew = false;
  const after = changeKeyFile(file, (before) => {
    isNew = before === null;
    if (!before && !current) return makeKeyFile(pem, now, purpose);
    // Tokens that were signed with JWT_PRIVATE_KEY stay valid.
    return publishKey(before ?? makeKeyFile(current ?? '', now, purpose), pem, now);
  });
  const made = isNew ? [`${file} is new: ${signerOf(after)} signs.`] : [];
  const published = after.keys.at(-1);
  if (published?.state !== 'published') return made;
  return [...made, `${published.kid} is published. Next: sign, in ${waitMs / 1000} s.`];
};

const sign = ({ file, now, waitMs }: Keys, options: Options): string[] => {
  const after = change(file, (before) =>
    signWithNewest(before, now, options.now ? -Infinity : waitMs),
  );
  return [`${signerOf(after)} signs. Next: retire, when the tokens of the former are over.`];
};

const retire = (keys: Keys): string[] => {
  let before: readonly KeyEntry[] = [];
  const after = change(keys.file, (found) => {
    before = found.keys;
    return removeRetired(found, keys.now, keys);
  });
  const stays = after.keys.filter(({ state }) => state === 'retired');
  const removed = before.filter(({ kid }) => after.keys.every((key) => key.kid !== kid));
  if (removed.length + stays.length === 0) return ['No key is retired.'];
  return [
    ...removed.map(({ kid }) => `${kid} is removed.`),
    ...stays.map((key) => {
      const at = removableAt(key, keys.tokenLifetimeMs, keys.waitMs).toISOString();
      return `${key.kid} stays: its last token may be in use until ${at}.`;
    }),
  ];
};

const remove = ({ file }: Keys, _options: Options, kid: string): string[] => {
  change(file, (before) => removeKey(before, kid));
  return [`${kid} is removed: what it signed is refused after the next refresh.`];
};

const describeNext = (key: KeyEntry, { now, tokenLifetimeMs, waitMs }: Keys): string => {
  if (key.state === 'signing') return '-';
  const [step, at] =
    key.state === 'retired'
      ? ['be removed', removableAt(key, tokenLifetimeMs, waitMs)]
      : ['sign', new Date(Date.parse(key.since) + waitMs)];
  return `can ${step} ${at <= now ? 'now' : `at ${at.toISOString()}`}`;
};

const status = (keys: Keys): string[] => {
  const { keys: entries, purpose } = requireKeys(findKeyFile(keys.file), keys.file);
  const rows = entries.map((key) => [key.kid, key.state, key.since, describeNext(key, keys)]);
  const widths = [43, 9, 24, 0];
  const lines = [['kid', 'state', 'since', 'next'], ...rows].map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '),
  );
  return purpose ? [...lines, `These keys are for ${purpose} alone.`] : lines;
};

const describeError = (error: unknown, file: string): string => {
  if (error instanceof KeyFileError) return `${file}: ${error.message}`;
  if (error instanceof RotationError || error instanceof CommandFailure) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  // The message of any other error might show a key.
  return `${file} could not be changed${code ? ` (${code})` : ''}.`;
};

/** Makes the command. It changes the file of `--file`, JWT_KEYS_FILE or the development shop. */
export const makeKeysProgram = (env: Variables, getNow = () => new Date()): Command => {
  const program = makeProgram('npm run keys --', 'Rotates the keys that sign access tokens.');
  const add = (
    usage: string,
    description: string,
    run: (keys: Keys, options: Options, kid: string) => string[],
  ): Command =>
    program
      .command(usage)
      .description(description)
      .option('--file <path>', 'the file of keys', matching(/./, 'a path'))
      .action((...given: unknown[]) => {
        const command = given.at(-1) as Command;
        const options = command.opts<Options>();
        const file = options.file ?? env['JWT_KEYS_FILE'] ?? developmentFile(env);
        try {
          // By default two refreshes: a key is published just after one, and the next one fails.
          const waitMs =
            options.wait === undefined
              ? 2 * readMs(env, 'JWKS_REFRESH_MS', 60_000)
              : options.wait * 1000;
          const tokenLifetimeMs = readMs(env, 'ACCESS_TOKEN_LIFETIME_MS', 600_000);
          const keys = { file, env, now: getNow(), tokenLifetimeMs, waitMs };
          process.stdout.write(`${run(keys, options, command.args[0] ?? '').join('\n')}\n`);
        } catch (error) {
          throw new CommandFailure(EXIT.failed, describeError(error, file), { cause: error });
        }
      });
  const wait = () =>
    new Option('--wait <n>', 'seconds that verifiers need to fetch a new key').argParser(
      wholeNumber(0, 999_999_999),
    );
  add('publish', 'adds a key, which verifiers fetch before it signs', publish);
  add('sign', 'signs with the newest published key', sign)
    .addOption(wait())
    .addOption(new Option('--now', 'does not wait').conflicts('wait'));
  add('retire', 'removes retired keys whose tokens are over', retire).addOption(wait());
  add('remove <kid>', 'removes a key that leaked', remove);
  add('status', 'shows all keys and their next steps', status).addOption(wait());
  return program;
};
