import { readFileSync } from 'node:fs';
import { limitNames, limitTable } from '@cartograph/operation-limits';
import { describe, expect, it } from 'vitest';

const read = (file: string): string =>
  readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

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
});
