import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lintDocument } from './lint-document.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'cartograph-lint-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

it('finds what is wrong with a document, warnings too', async () => {
  const committed = readFileSync(path.join(root, 'apps', 'rest', 'openapi.json'), 'utf8');
  const document = JSON.parse(committed) as {
    info: Record<string, unknown>;
    paths: Record<string, Record<string, Record<string, unknown>>>;
  };
  delete document.info['license'];
  delete document.paths['/v1/me']?.['get']?.['operationId'];
  document.paths['/v1/me'] = { ...document.paths['/v1/me'], post: { responses: 'none' } };
  const file = path.join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(document));
  const rules = (await lintDocument(root, file)).map((finding) => finding.split(':', 1)[0]);
  expect(rules).toEqual(
    expect.arrayContaining(['info-license', 'operation-operationId', 'struct']),
  );
});
