import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeTokenMaker } from '@cartograph/testing';
import { startThrowAwayPostgres } from '../../postgres/throw-away.ts';
import { migrateTemplates } from '../../test/migrate-templates.ts';
import { openWorld, type World } from './open-world.ts';

/** Opens worlds that do not know of each other, on one throw-away Postgres. */
export const openWorlds = async (
  count: number,
  env: Readonly<Record<string, string>> = {},
): Promise<{ worlds: World[]; logDir: string; close: (keepLogs: boolean) => Promise<void> }> => {
  const postgres = await startThrowAwayPostgres();
  const logDir = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-prove-'));
  const tokens = await makeTokenMaker();
  const worlds: World[] = [];
  const close = async (keepLogs: boolean): Promise<void> => {
    await Promise.all(worlds.map((world) => world.close()));
    await tokens.close();
    await postgres.stop();
    if (!keepLogs) fs.rmSync(logDir, { recursive: true });
  };
  try {
    const { adminUrl } = postgres;
    await migrateTemplates(adminUrl);
    for (let index = 0; index < count; index += 1) {
      worlds.push(await openWorld({ name: `w${index}`, adminUrl, tokens, logDir, env }));
    }
    return { worlds, logDir, close };
  } catch (error) {
    await close(true);
    throw error;
  }
};
