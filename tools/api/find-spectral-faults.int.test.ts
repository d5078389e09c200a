import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findSpectralFaults } from './find-spectral-faults.ts';

const committed = path.resolve(import.meta.dirname, '..', '..', 'apps', 'rest', 'openapi.json');

it('finds what is wrong with a document by the rules of Spectral', async () => {
  const document = JSON.parse(readFileSync(committed, 'utf8')) as {
    info: Record<string, unknown>;
    paths: Record<string, Record<string, Record<string, unknown>>>;
  };
  delete document.info['description'];
  delete document.paths['/v1/me']?.['get']?.['operationId'];
  document.paths['/v1/me'] = { ...document.paths['/v1/me'], post: { responses: 'none' } };
  const rules = (await findSpectralFaults(JSON.stringify(document))).map(
    (finding) => finding.split(':', 1)[0],
  );
  expect(rules).toEqual(
    expect.arrayContaining(['info-description', 'operation-operationId', 'oas3-schema']),
  );
  // Rules that are switched off find nothing.
  expect(rules).not.toContain('operation-description');
});
