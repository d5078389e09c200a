import { describe, expect, it } from 'vitest';
import { isCrowdedJson } from './is-crowded-json.ts';

describe('a JSON text', () => {
  it.each([
    ['1', 0],
    ['[]', 1],
    ['[1,2]', 2],
    ['{"a":1,"b":[2]}', 5],
    ['{"a,b":"[{:,\\"[,"}', 2],
    ['["\\\\",1]', 2],
    ['{', 1],
    ['"[[[[', 0],
  ])('%s has so many separators, those inside texts not counted', (json, count) => {
    expect(isCrowdedJson(json, count)).toBe(false);
    if (count > 0) expect(isCrowdedJson(json, count - 1)).toBe(true);
  });

  it.each([
    ['{"a":1,"b":2}', 2],
    ['[{"a":1},{"a":1},{"a":1}]', 1],
    ['{"a":{"a":{"a":1,"b":2,"c":3}},"b":[{}]}', 3],
    ['{"a":[1,{"b":1}],"c":{"d":1},"e":":::"}', 3],
    ['}}]{"a":1', 1],
  ])('%s has an object of so many names', (json, names) => {
    expect(isCrowdedJson(json, 100, names)).toBe(false);
    expect(isCrowdedJson(json, 100, names - 1)).toBe(true);
  });

  it.each([
    ['names', `{${Array.from({ length: 100_000 }, (_, index) => `"${index}":1`).join()}}`],
    ['depth', '['.repeat(500_000)],
    ['numbers', `[${'1,'.repeat(400_000)}1]`],
  ])('of a megabyte of %s is found before it is read', (_what, json) => {
    expect(isCrowdedJson(json, 10_000)).toBe(true);
  });

  it('of a megabyte of one text is not crowded', () => {
    expect(isCrowdedJson(JSON.stringify({ text: '{"a":[1,2]}'.repeat(50_000) }), 10)).toBe(false);
  });
});
