import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hashCode } from './hash-code.ts';

let folder: string;

const write = async (file: string, content: string): Promise<void> => {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
  await writeFile(path.join(folder, file), content);
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hash-code-'));
  await write('src/main.ts', 'run();');
});

afterEach(() => rm(folder, { recursive: true }));

it('the hash of an app changes with each of its files, and with no test', async () => {
  const before = await hashCode(folder);
  expect(before).toMatch(/^[\w-]{43}$/);
  await write('src/main.test.ts', 'it();');
  await write('test/kit.ts', 'open();');
  expect(await hashCode(folder)).toBe(before);
  await write('supergraph.graphql', 'type Query');
  const withSchema = await hashCode(folder);
  expect(withSchema).not.toBe(before);
  await write('supergraph.graphql', 'type query');
  expect(await hashCode(folder)).not.toBe(withSchema);
});
