import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeTokenMaker } from '@cartograph/testing';
import { openPostgres } from '../open-postgres.ts';
import { openWorld, type World } from './open-world.ts';

/** Opens worlds that do not know of each other, on one Postgres. */
export const openWorlds = async (
  count: number,
  env: Readonly<Record<string, string>> = {},
): Promise<{ worlds: World[]; logDir: string; close: (keepLogs: boolean) => Promise<void> }> => {
  const postgres = await openPostgres();
  const logDir = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-prove-'));
  const tokens = await makeTokenMaker();
  const worlds: World[] = [];
  const close = async (keepLogs: boolean): Promise<void> => {
    await Promise.all(worlds.map((world) => world.close()));
    await tokens.close();
    await postgres.close();
    if (!keepLogs) fs.rmSync(logDir, { recursive: true });
  };
  try {
    const { adminUrl } = postgres;
    for (let index = 0; index < count; index += 1) {
      // Others may use the same Postgres at the same time.
      const name = `w${randomBytes(4).toString('hex')}`;
      worlds.push(await openWorld({ name, adminUrl, tokens, logDir, env }));
    }
    return { worlds, logDir, close };
  } catch (error) {
    await close(true);
    throw error;
  }
};
