import { describe, expect, it } from '@jest/globals';
import { draw, findMethod, makeName, METHODS } from './methods.ts';

describe('the methods of the simulator', () => {
  it('are those of its table and no words of the language', () => {
    for (const name of Object.keys(METHODS)) expect(findMethod(name)).not.toBeNull();
    for (const name of ['', 'toString', '__proto__', 'sim_gold']) {
      expect(findMethod(name)).toBeNull();
    }
  });

  it('leave to chance what follows from the seed', () => {
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

  it('name the same charge alike, and another one otherwise', () => {
    expect(makeName('sim', '1', 'a:1')).toBe(makeName('sim', '1', 'a:1'));
    const names = ['a:1', 'a:2', 'b:1'].map((key) => makeName('sim', '1', key));
    expect(new Set([...names, makeName('sim', '2', 'a:1')]).size).toBe(4);
  });
});
