/**
 * `npm run manifests` writes the manifests of persisted operations, of the client library and of the REST
 * API; with `-- --check` it only compares. A router that takes nothing else needs both.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { operations } from '@cartograph/client';
import { EXIT, makeProgram, runProgram } from '@cartograph/command';
import { print, type DocumentNode } from 'graphql';
import * as rest from '../../apps/rest/src/generated/operations.ts';
import { makeManifest } from './make-manifest.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** The texts of the operations as each client sends them. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  'libs/client/persisted-operations.json': operations.map(({ text }) => text),
  'apps/rest/persisted-operations.json': Object.entries(rest)
    .filter(([name]) => name.endsWith('Document'))
    .map(([, document]) => print(document as DocumentNode)),
};

const run = async ({ check }: { check: boolean }): Promise<void> => {
  for (const [file, texts] of Object.entries(TEXTS)) {
    const name = path.join(root, file);
    const text = `${JSON.stringify(makeManifest(texts), null, 2)}\n`;
    if (!check) {
      await writeFile(name, text);
    } else if ((await readFile(name, 'utf8').catch(() => '')) !== text) {
      console.error(`${file} is stale: run \`npm run manifests\` and commit it.`);
      process.exitCode = EXIT.failed;
    }
  }
};

const program = makeProgram('npm run manifests --', 'Writes the manifests of persisted operations.')
  .option('--check', 'writes nothing, and fails where a committed manifest is stale', false)
  .action(run);

process.exitCode = await runProgram(program, process.argv.slice(2));
