import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeTokenMaker } from '@cartograph/testing';
import { ensureGenerated } from '../../tools/generate/prisma.ts';
import { startThrowAwayPostgres } from '../../tools/postgres/throw-away.ts';
import { migrateTemplates } from '../../tools/test/migrate-templates.ts';
import { openSandbox, type Sandbox, type SandboxOptions } from './open-sandbox.ts';

/** The Postgres of `npm test`, or else a throw-away one with the same templates. */
const openPostgres = async (): Promise<{ readonly close: () => Promise<void> }> => {
  if (process.env['TEST_POSTGRES_URL']) return { close: async () => undefined };
  await ensureGenerated();
  const postgres = await startThrowAwayPostgres();
  try {
    await migrateTemplates(postgres.adminUrl);
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  process.env['TEST_POSTGRES_URL'] = postgres.adminUrl;
  return {
    close: () => {
      delete process.env['TEST_POSTGRES_URL'];
      return postgres.stop();
    },
  };
};

/** Opens sandboxes that are independent of each other, on one Postgres: one for each options. */
export const openSandboxes = async (all: readonly SandboxOptions[]) => {
  const postgres = await openPostgres();
  const logDir = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-sandbox-'));
  const tokens = await makeTokenMaker();
  const opened: Sandbox[] = [];
  const close = async (keepLogs: boolean): Promise<void> => {
    try {
      await Promise.all(opened.map((sandbox) => sandbox.close()));
    } finally {
      await tokens.close();
      await postgres.close();
    }
    if (!keepLogs) fs.rmSync(logDir, { recursive: true });
  };
  try {
    const sandboxes = await Promise.all(
      all.map(async (options) => {
        const sandbox = await openSandbox({ ...options, tokens, logDir });
        opened.push(sandbox);
        return sandbox;
      }),
    );
    return { sandboxes, logDir, close };
  } catch (error) {
    await close(true);
    throw error;
  }
};

/** Runs `work` with sandboxes, and stores their logs when a promise did not hold. */
export const withSandboxes = async <Result>(
  all: readonly SandboxOptions[],
  work: (...sandboxes: Sandbox[]) => Promise<Result>,
): Promise<Result> => {
  const { sandboxes, close } = await openSandboxes(all);
  let keepsLogs = true;
  try {
    const result = await work(...sandboxes);
    keepsLogs = (result as { held?: boolean } | undefined)?.held === false;
    return result;
  } finally {
    await close(keepsLogs);
  }
};

/** Runs `work` with one sandbox. */
export const withSandbox = <Result>(
  options: SandboxOptions,
  work: (sandbox: Sandbox) => Promise<Result>,
): Promise<Result> => withSandboxes([options], work);
