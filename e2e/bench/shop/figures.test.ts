import { describe, expect, it } from 'vitest';
import { add, perOperation, total, type Figures } from './figures.ts';
import { judge } from './limits.ts';
import { compareRuns } from './report.ts';

const row = (fields: Partial<Figures>): Figures => ({
  name: 'purchase',
  operations: 100,
  perSecond: 50,
  p50Ms: 10,
  p99Ms: 20,
  cpuMs: {},
  statements: {},
  transactions: {},
  calls: {},
  queries: {},
  ...fields,
});

describe('the figures of an operation', () => {
  it('are averages, without what the shop does in the same time when it is idle', () => {
    const amounts = perOperation({ order: 700, user: 20 }, { order: 10, rest: 5 }, 20, 50);
    expect(amounts).toEqual({ order: 10, user: 0.4 });
    expect(total(amounts)).toBeCloseTo(10.4);
  });

  it('are added by name', () => {
    expect(add({ order: 1, user: 2 }, { order: 3, rest: 4 })).toEqual({
      order: 4,
      user: 2,
      rest: 4,
    });
  });

  it('hold at a limit and break it above', () => {
    const statements = { order: 30, payment: 10 };
    const held = judge([row({ statements, cpuMs: { order: 30 }, calls: { order: 6 } })]);
    expect(held.held).toBe(true);
    const broken = judge([row({ statements: { ...statements, product: 1 } })]);
    expect(broken.held).toBe(false);
    expect(broken.report).toContain('BROKEN: purchase: statements <= 40');
  });

  it('judge REST by the throughput of GraphQL in the same run, and nothing that was not measured', () => {
    const graph = row({ name: 'page', cpuMs: { router: 1 }, perSecond: 100 });
    const slow = row({ name: 'REST page', perSecond: 89 });
    expect(judge([graph]).report).toBe('held:   page: CPU <= 2 ms');
    expect(judge([graph, slow]).held).toBe(false);
    expect(judge([graph, row({ name: 'REST page', perSecond: 90 })]).held).toBe(true);
  });

  it('are compared with those of the same operation of an earlier run', () => {
    const report = compareRuns(
      [row({ cpuMs: { order: 90 } })],
      [row({ cpuMs: { order: 30 } }), row({ name: 'new' })],
    );
    expect(report).toContain('90.0 -> 30.0 (x0.33)');
    expect(report).not.toContain('new');
  });
});
