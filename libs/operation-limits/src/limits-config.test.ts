import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { operationLimitsEnv, readOperationLimits } from './limits-config.ts';
import { defaultLimits, limitNames, limitTable } from './limits.ts';

const read = (file: string): string =>
  readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');

const parse = (env: object) =>
  readOperationLimits(z.object(operationLimitsEnv('router')).parse(env));

describe('the limits', () => {
  it('are those of the table in docs/limits.md, and no other', () => {
    const rows = read('docs/limits.md')
      .split('\n')
      .filter((line) => line.includes('`OPERATION_MAX_'))
      .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));
    expect(rows.map((row) => row.slice(1, -1))).toEqual(
      limitNames.map((name) => {
        const { env, router, subgraph, counts } = limitTable[name];
        return [name, env, router.toLocaleString('en'), subgraph.toLocaleString('en'), counts];
      }),
    );
  });

  it('are named in .env.example, each once', () => {
    const named = [...read('.env.example').matchAll(/^(OPERATION_\w+)=$/gm)].map(([, env]) => env);
    expect(named.toSorted()).toEqual(limitNames.map((name) => limitTable[name].env).toSorted());
  });

  it('come from the environment, and are safe when nothing is set', () => {
    expect(parse({})).toEqual(defaultLimits('router'));
    for (const name of limitNames) {
      const limits = parse({ [limitTable[name].env]: '7' });
      expect(limits).toEqual({ ...defaultLimits('router'), [name]: 7 });
    }
  });

  it.each(['0', '-1', '1.5', 'many', 'Infinity'])('can not be %s', (value) => {
    for (const name of limitNames) expect(() => parse({ [limitTable[name].env]: value })).toThrow();
  });

  it('leave a subgraph no less than the router', () => {
    for (const name of limitNames) {
      const { router, subgraph } = limitTable[name];
      expect(subgraph).toBeGreaterThanOrEqual(router);
    }
  });
});
