import { describe, expect, it } from 'vitest';
import { readIfMatch, toVersion } from './if-match.ts';

const NONE = 2_147_483_647;
const current = { version: 3, tag: '3-7-mkx2' };

/** A tag may end as that of a compressed response does. */
const withSuffix = { version: 3, tag: 'Jm3Vw8s-br' };

const matchOf = (header: string, found: typeof current | null = current): Promise<number> =>
  toVersion(readIfMatch(header), async () => found);

describe('If-Match', () => {
  it.each([
    ['3', 3],
    ['"3"', 3],
    [' "3" ', 3],
    ['"2"', 2],
    ['*', 3],
    ['"3-7-mkx2"', 3],
    ['"3-7-mkx2-gzip"', 3],
    ['"3-7-mkx2-br"', 3],
    ['"3-8-mkx2"', NONE],
    ['"other"', NONE],
    ['""', NONE],
    ['W/"3"', NONE],
    ['W/"3-7-mkx2"', NONE],
    ['"other", "3-7-mkx2"', 3],
    ['"2", "3"', 3],
    ['"a,b","3"', 3],
    ['"1", "2"', NONE],
    ['W/"3", "2"', 2],
    ['9999999999', NONE],
    ['"03"', NONE],
    ['03', NONE],
    ['"0"', NONE],
    ['0', NONE],
    ['"03", "3"', 3],
    ['"3-gzip"', NONE],
    ['"2",,"3"', 3],
    [', "3"', 3],
    ['"3" ,', 3],
    [',\t, "other" , ,', NONE],
  ])('%s of the product of version 3 is version %i', async (header, version) => {
    expect(await matchOf(header)).toBe(version);
  });

  it.each([
    ['"Jm3Vw8s-br"', 3],
    ['"Jm3Vw8s-br-br"', 3],
    ['"Jm3Vw8s-br-gzip"', 3],
    ['"Jm3Vw8s"', NONE],
  ])('%s of a tag that ends with a coding is version %i', async (header, version) => {
    expect(await matchOf(header, withSuffix)).toBe(version);
  });

  it('matches no product that is not there', async () => {
    expect(await matchOf('*', null)).toBe(NONE);
    expect(await matchOf('"3-7-mkx2"', null)).toBe(NONE);
  });

  it('reads the product only where the version is not all', async () => {
    const fail = () => Promise.reject(new Error('read'));
    await expect(toVersion(readIfMatch('"3"'), fail)).resolves.toBe(3);
    await expect(toVersion(readIfMatch('*'), fail)).rejects.toThrow('read');
  });

  it.each(['', ',', ' , ,', 'x', '"3', '3"', '"3" "4"', '"3",x', '3, 4', 'W/3', '12345678901'])(
    'is not %j',
    (header) => {
      expect(() => readIfMatch(header)).toThrow('If-Match: must be the version');
    },
  );
});
