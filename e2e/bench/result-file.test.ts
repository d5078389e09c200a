import { describe, expect, it, vi } from 'vitest';
import { benchOverload } from './overload/bench-overload.ts';
import { benchShop } from './shop/bench-shop.ts';

const measured = vi.hoisted(() => vi.fn());
vi.mock('./production/open-production-shop.ts', async (load) => ({
  ...(await load<object>()),
  withProductionShop: measured,
}));

const load = { clients: 1, seconds: 1, operations: 1, warmUp: 1, settle: 1 };

describe('a file that a benchmark can not use', () => {
  it.each([
    ['shop', { json: '/nope/x.json' }, "/nope/x.json can't be written: ENOENT."],
    ['shop', { json: '/' }, "/ can't be written: EISDIR."],
    ['shop', { compare: '/nope/y.json' }, "/nope/y.json can't be read: ENOENT."],
    ['shop', { compare: 'README.md' }, "README.md can't be read: it is no JSON."],
    ['overload', { json: '/nope/x.json' }, "/nope/x.json can't be written: ENOENT."],
  ])('is reported before anything is measured: %s %j', async (name, options, message) => {
    measured.mockRejectedValue(new Error('it was measured'));
    const run = name === 'shop' ? benchShop : benchOverload;
    await expect(run({ ...load, ...options })).rejects.toMatchObject({ message, exitCode: 2 });
    expect(measured).not.toHaveBeenCalled();
  });
});
