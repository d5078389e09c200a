import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { HEAP_LIMIT_MB, memoryEnvironment, SEMI_SPACE_MB } from '../start/memory.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const dockerfile = read('docker/Dockerfile');

it('the Dockerfile has the Node of package.json', () => {
  const { dependencies } = JSON.parse(read('package.json')) as {
    dependencies: Record<string, string>;
  };
  expect(dockerfile).toContain(`library/node:${dependencies['node']}-`);
});

it('the Dockerfile bounds the memory as npm start does', () => {
  expect(dockerfile).toContain(
    `--max-old-space-size=${HEAP_LIMIT_MB} --max-semi-space-size=${SEMI_SPACE_MB}`,
  );
  for (const [name, value] of Object.entries(memoryEnvironment({}))) {
    expect(dockerfile).toContain(`${name}=${value}`);
  }
});

it('the image that runs has no package manager of the base image', () => {
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '), dockerfile.indexOf('\nUSER '));
  // As a user that may do so: this is before USER.
  const [, removed = ''] = /^RUN rm -rf ((?:\\\n|.)*)$/m.exec(last) ?? [];
  const programs = ['npm', 'npx', 'corepack', 'yarn', 'yarnpkg'];
  expect(removed.split(/[\s\\]+/).toSorted()).toEqual(
    [
      '/opt/yarn*',
      '/usr/local/lib/node_modules',
      ...programs.map((name) => `/usr/local/bin/${name}`),
    ].toSorted(),
  );
});
