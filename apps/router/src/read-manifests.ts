import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { ConfigError } from '@cartograph/config';
import { z } from 'zod';

/** The largest manifest, in bytes. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/** The most operations of all manifests together. */
export const MAX_MANIFEST_OPERATIONS = 5_000;

const MANIFEST_VERSION = 1;

/** The head of a manifest: what it is, before its operations are examined. */
const headSchema = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.number(),
});

const manifestSchema = z.object({
  operations: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      type: z.enum(['query', 'mutation', 'subscription']),
      body: z.string().min(1),
    }),
  ),
});

/** An operation that the router knows before a client sends it. */
export type ManifestOperation = z.infer<typeof manifestSchema>['operations'][number];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The problem of a file, as a sentence. */
class BadManifest extends Error {}

const readText = async (file: string): Promise<string> => {
  try {
    const { size } = await stat(file);
    if (size > MAX_MANIFEST_BYTES) {
      throw new BadManifest(`has ${size} bytes, and ${MAX_MANIFEST_BYTES} is the most`);
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof BadManifest) throw error;
    throw new BadManifest(`cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
};

const parseManifest = (text: string): readonly ManifestOperation[] => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadManifest('is not JSON');
  }
  const head = headSchema.safeParse(value).data;
  if (!head) throw new BadManifest('is not a manifest of Apollo persisted queries');
  if (head.version !== MANIFEST_VERSION) {
    throw new BadManifest(
      `is a manifest of version ${head.version}, and the router reads version ${MANIFEST_VERSION}`,
    );
  }
  const { data, error } = manifestSchema.safeParse(value);
  if (!data) throw new BadManifest(`is not valid at ${error.issues[0]?.path.join('.')}`);
  // Parsed documents are cached by the id: it must be that of the text, and of no other.
  const forged = data.operations.find(({ id, body }) => id !== sha256(body));
  if (forged)
    throw new BadManifest(`has an id that is not the SHA-256 of its body: ${forged.name}`);
  return data.operations;
};

/**
 * Reads the manifests of persisted operations.
 * @throws ConfigError with one sentence when a file can't be read, is too large or is not valid
 */
export const readManifests = async (
  files: readonly string[],
): Promise<readonly ManifestOperation[]> => {
  const operations = new Map<string, ManifestOperation>();
  for (const file of files) {
    try {
      for (const operation of parseManifest(await readText(file))) {
        operations.set(operation.id, operation);
      }
      if (operations.size > MAX_MANIFEST_OPERATIONS) {
        throw new BadManifest(`exceeds ${MAX_MANIFEST_OPERATIONS} operations in all manifests`);
      }
    } catch (error) {
      if (!(error instanceof BadManifest)) throw error;
      throw new ConfigError([`PERSISTED_OPERATIONS: ${file} ${error.message}.`]);
    }
  }
  return [...operations.values()];
};
