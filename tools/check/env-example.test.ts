import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '..', '..');

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** The variables that the schemas of configurations name. */
const variables = new Set(
  [
    'apps/*/src/{,*-}config.ts',
    'libs/config/src/{process-config,http-limits}.ts',
    'libs/{admission,response-cache,subgraph}/src/*-config.ts',
  ]
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .flatMap((file) => [...read(file).matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)])
    .flatMap(([, name = '']) => name)
    .filter((name) => !['MINUTE_MS', 'DAY_MS'].includes(name)),
);

describe('.env.example', () => {
  const lines = read('.env.example').split('\n');

  it('names every variable that a process reads', () => {
    expect(variables.size).toBeGreaterThan(25);
    expect(variables).toContain('SIMULATOR_WEBHOOK_SECRET');
    const documented = lines.flatMap((line) => /^([A-Z0-9_]+)=/.exec(line)?.[1] ?? []);
    expect([...variables].filter((name) => !documented.includes(name))).toEqual([]);
  });

  it('holds no secret', () => {
    for (const line of lines.filter((text) => /(SECRET|PRIVATE_KEY|PASSWORD)=/.test(text))) {
      expect(line).toMatch(/=$/);
    }
  });
});
