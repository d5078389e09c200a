import { expect, it } from 'vitest';
import { makeEnumReader } from './make-enum-reader.ts';

const readSize = makeEnumReader('size', ['S', 'M']);

it('reads a value that is known', () => {
  expect(readSize('M')).toBe('M');
});

it.each(['XL', '', 'toString'])('fails as Prisma does for a value that is not: %p', (text) => {
  expect(() => readSize(text)).toThrow(expect.objectContaining({ code: 'P2023' }));
});
