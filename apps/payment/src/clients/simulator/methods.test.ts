import { describe, expect, it } from 'vitest';
import { draw, findMethod, makeReference, METHODS } from './methods.ts';

describe('the payment methods of the simulator', () => {
  it('are those of the table, and no properties of Object.prototype', () => {
    for (const name of Object.keys(METHODS)) expect(findMethod(name)).not.toBeNull();
    for (const name of ['', 'toString', '__proto__', 'sim_gold']) {
      expect(findMethod(name)).toBeNull();
    }
  });

  it('have pseudorandom outcomes that depend on the seed', () => {
    const outcomes = (seed: string) =>
      Array.from({ length: 200 }, (_, index) =>
        METHODS.sim_chance.succeeds(draw(seed, `order-${index}:1`)),
      );
    const once = outcomes('1');
    expect(outcomes('1')).toEqual(once);
    expect(outcomes('2')).not.toEqual(once);
    expect(once.filter((succeeds) => !succeeds).length).toBeGreaterThan(10);
    expect(once.filter((succeeds) => succeeds).length).toBeGreaterThan(100);
  });

  it('derive one reference per seed and charge', () => {
    expect(makeReference('sim', '1', 'a:1')).toBe(makeReference('sim', '1', 'a:1'));
    const names = ['a:1', 'a:2', 'b:1'].map((key) => makeReference('sim', '1', key));
    expect(new Set([...names, makeReference('sim', '2', 'a:1')]).size).toBe(4);
  });
});
