import { describe, expect, it } from 'vitest';
import { readPathId } from './fields.ts';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const NIL = '00000000-0000-0000-0000-000000000000';

describe('an id in a path', () => {
  it.each([ID, ID.toUpperCase()])('%s is written as it is stored', (id) => {
    expect(readPathId({ id })).toBe(ID);
  });

  it.each(['', 'x', `${ID}0`])('%j identifies nothing', (id) => {
    expect(readPathId({ id })).toBe(NIL);
  });
});
