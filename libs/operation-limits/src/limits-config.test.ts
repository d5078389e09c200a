import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { operationLimitsEnv, readOperationLimits } from './limits-config.ts';
import { defaultLimits, limitNames, limitTable } from './limits.ts';

const parse = (env: object) =>
  readOperationLimits(z.object(operationLimitsEnv('router')).parse(env));

describe('the limits', () => {
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
