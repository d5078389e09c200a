import { expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * What tests of any project depend on, outside their own folder and the libraries that they import:
 * the migrations of their database, the contracts, the scripts that start both, documents that are
 * compared with the code. A test that passed before one of these changed says nothing any more.
 */
const SHARED = [
  'package-lock.json',
  'jest.config.js',
  'tsconfig.base.json',
  'prisma/*/schema.prisma',
  'prisma/*/migrations/*/migration.sql',
  'apps/*/schema.graphql',
  'apps/router/api.graphql',
  'apps/router/supergraph.graphql',
  'tools/*/*.ts',
  'docs/*.md',
  '.env.example',
];

const root = path.resolve(import.meta.dirname, '..', '..');
const nx = JSON.parse(readFileSync(path.join(root, 'nx.json'), 'utf8')) as {
  namedInputs: { default: string[]; sharedGlobals: string[] };
  targetDefaults: { test: { inputs: string[] } };
};

it.each(SHARED)('runs cached tests again when %s has changed', (pattern) => {
  expect(nx.targetDefaults.test.inputs).toEqual(['default', '^default']);
  expect(nx.namedInputs.default).toEqual(['{projectRoot}/**/*', 'sharedGlobals']);

  const inputs = nx.namedInputs.sharedGlobals.map((glob) => glob.replace('{workspaceRoot}/', ''));
  const files = globSync(pattern, { cwd: root });
  expect(files).not.toEqual([]);
  expect(files.filter((file) => !inputs.some((glob) => path.matchesGlob(file, glob)))).toEqual([]);
});
