import { describe, expect, it } from 'vitest';
import { readImages } from './read-images.ts';

const [A, B, C] = ['https://example.com/a', 'https://example.com/b', 'https://example.com/c'];

const read = (imageUrl: string | null | undefined, images: unknown) => {
  const faults: string[] = [];
  const result = readImages(imageUrl, images, (reason) => faults.push(reason));
  return faults.length > 0 ? faults : [result.imageUrl, result.furtherImageUrls];
};

describe('the images of a row', () => {
  it.each([
    ['neither field', undefined, undefined, [undefined, undefined]],
    ['the first image alone', A, undefined, [A, undefined]],
    ['all images', undefined, [A, B], [A, [B]]],
    ['a text of all images', undefined, `${A} ${B}\n${C} `, [A, [B, C]]],
    ['the first image and all images, as exported', A, [A, B], [A, [B]]],
    ['a thumbnail and images', A, [B, C], [A, [B, C]]],
    ['no first image any more', null, undefined, [null, undefined]],
    ['no images any more', undefined, '\\N', [null, []]],
    ['the first image only', A, '\\N', [A, []]],
  ])('are %s', (_what, imageUrl, images, expected) => {
    expect(read(imageUrl, images)).toEqual(expected);
  });

  it.each([[7], [{ url: A }], [[A, 7]], [[[A]]]])('are a list of texts, not %j', (images) => {
    expect(read(undefined, images)).toEqual(['must be an array of strings']);
  });
});
