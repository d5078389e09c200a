import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SERVICES } from '../services.ts';

const root = new URL('../../', import.meta.url);
const require = createRequire(import.meta.url);
const run = promisify(execFile);

const schemaOf = (service: string) => new URL(`prisma/${service}/schema.prisma`, root);
const stampOf = (service: string) => new URL(`apps/${service}/src/db/generated/.stamp`, root);

/** What a generated client depends on: its schema, and the Prisma that generates it. */
const fingerprint = async (service: string): Promise<string> =>
  createHash('sha256')
    .update((require('prisma/package.json') as { version: string }).version)
    .update(await readFile(schemaOf(service)))
    .digest('hex');

const generate = async (service: string): Promise<void> => {
  const stamp = await fingerprint(service);
  const made = await readFile(stampOf(service), 'utf8').catch(() => null);
  if (made === stamp) return;
  // What an interrupted run left behind would be refused, or taken for complete.
  await rm(new URL('.', stampOf(service)), { recursive: true, force: true });
  const prisma = require.resolve('prisma/build/index.js');
  const args = [prisma, 'generate', '--schema', fileURLToPath(schemaOf(service))];
  await run(process.execPath, args, {
    cwd: fileURLToPath(root),
    env: {
      ...process.env,
      // Generating never runs the schema engine; naming a file keeps Prisma from downloading it.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  });
  await writeFile(stampOf(service), stamp);
};

/** Generates the Prisma clients whose schema changed since they were generated, without network. */
export const ensureGenerated = async (): Promise<void> => {
  await Promise.all(SERVICES.map(generate));
};
