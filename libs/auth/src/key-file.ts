import { z } from 'zod';
import { readSigningKey } from './signing-key.ts';

const STATES = ['published', 'signing', 'retired'] as const;

/** The states of a key in order: known to verifiers, signing, verifying only. */
export type KeyState = (typeof STATES)[number];

/** A private key in the key file. `since` is when it entered its state, in ISO 8601. */
export type KeyEntry = {
  readonly kid: string;
  readonly pem: string;
  readonly state: KeyState;
  readonly since: string;
};

/** The key file. Production refuses one with the purpose `development`. */
export type KeyFile = {
  readonly purpose?: 'development' | undefined;
  readonly keys: readonly KeyEntry[];
};

/** What is wrong with a key file. Never repeats its contents. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

// Every message is written here: the parser's own may show the contents.
const entry = z.strictObject(
  {
    kid: z.string({ error: 'is not a text' }),
    pem: z.string({ error: 'is not a text' }),
    state: z.enum(STATES, { error: `is not one of ${STATES.join(', ')}` }),
    since: z.iso.datetime({ error: 'is not an ISO 8601 time in UTC' }),
  },
  { error: 'is not an object of kid, pem, state and since' },
);

const shape = z.strictObject(
  {
    purpose: z.literal('development', { error: 'can only be "development"' }).optional(),
    keys: z.array(entry, { error: 'is not a list' }),
  },
  { error: 'is not an object of keys and perhaps purpose' },
);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    throw new KeyFileError('is not JSON');
  }
};

const thumbprint = (pem: string, place: string): string => {
  try {
    return readSigningKey(pem).kid;
  } catch {
    throw new KeyFileError(`${place}.pem is not an RSA key of at least 2048 bits in PKCS #8`);
  }
};

/**
 * Parses the text of a key file.
 * @throws KeyFileError unless all keys are valid, have their RFC 7638 thumbprint as `kid`, are unique,
 *   and exactly one signs
 */
export const parseKeyFile = (text: string): KeyFile => {
  const result = shape.safeParse(parseJson(text));
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) =>
      [path.join('.'), message].filter(Boolean).join(' '),
    );
    throw new KeyFileError(faults.join('; '));
  }
  const { keys } = result.data;
  keys.forEach(({ kid, pem }, index) => {
    if (thumbprint(pem, `keys.${index}`) !== kid) {
      throw new KeyFileError(`keys.${index}.kid is not the thumbprint of its key`);
    }
  });
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) {
    throw new KeyFileError('has a key twice');
  }
  const signing = keys.filter(({ state }) => state === 'signing').length;
  if (signing !== 1)
    throw new KeyFileError(`has ${signing} keys that sign; it must be exactly one`);
  return result.data;
};
