import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Shop } from './start-shop.ts';

const FLAG = path.resolve(import.meta.dirname, '..', '..', 'tools', 'flag', 'main.ts');

/** Runs `npm run flag`. @returns the flags that are on */
export const setFlags = async ({ env }: Shop, ...flags: readonly string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, [FLAG, ...flags], { env })).stdout;
