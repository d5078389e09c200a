import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const INDEX = path.join(import.meta.dirname, 'index.ts');

/** A check that only development makes: whether there is a second graphql. */
const SCRIPT = `
  await import(${JSON.stringify(INDEX)});
  const { isObjectType } = await import('graphql');
  const other = new (class GraphQLObjectType {})();
  try { console.log(isObjectType(other), process.env.NODE_ENV); } catch { console.log('checked'); }
`;

const run = (NODE_ENV?: string): string => {
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    cwd: import.meta.dirname,
    env: { PATH: process.env['PATH'], ...(NODE_ENV !== undefined && { NODE_ENV }) },
    encoding: 'utf8',
  });
  return stdout.trim();
};

describe('the development checks of graphql', () => {
  it('are left out in production mode, which is the default', () => {
    expect([run(), run(''), run('production')]).toEqual([
      'false undefined',
      'false',
      'false production',
    ]);
  });

  it('are made in development', () => {
    expect(run('development')).toBe('checked');
  });
});
