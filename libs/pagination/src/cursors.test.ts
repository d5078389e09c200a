import { describe, expect, it } from 'vitest';
import { v7 as makeId } from 'uuid';
import { idCursors, makeKeyCursors, MAX_CURSOR_LENGTH } from './cursors.ts';
import { readPageRequest } from './page.ts';

type Key = readonly [amount: number, id: string];

const isKey = (values: readonly unknown[]): values is Key =>
  values.length === 2 && typeof values[0] === 'number' && typeof values[1] === 'string';

const cursors = makeKeyCursors<Key>('PRICE', (values) => (isKey(values) ? values : null));

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const badUserInput: unknown = expect.objectContaining({ code: 'BAD_USER_INPUT' });

describe('idCursors', () => {
  it('decodes what it encoded, and hides the id', () => {
    for (const id of Array.from({ length: 20 }, () => makeId())) {
      const cursor = idCursors.encode(id);
      expect(idCursors.decode(cursor)).toBe(id);
      expect(cursor).not.toContain(id);
      expect(cursor).toMatch(/^[\w-]+$/);
    }
  });

  it.each([
    ['nothing', ''],
    ['an id', makeId()],
    ['an id without the version', Buffer.from(makeId()).toString('base64url')],
    ['another version', Buffer.from(`v2:${makeId()}`).toString('base64url')],
    ['no id', Buffer.from('v1:1 OR 1=1').toString('base64url')],
    ['more than an id', Buffer.from(`v1:${makeId()}x`).toString('base64url')],
    ['an id with a NUL', Buffer.from(`v1:${makeId()}\0`).toString('base64url')],
    ['two ids', Buffer.from(`v1:${makeId()}v1:${makeId()}`).toString('base64url')],
    ['a cursor of Relay', Buffer.from('arrayconnection:5').toString('base64')],
    ['characters outside Base64', '\u{1f600}'],
    ['a long text', 'x'.repeat(10_000)],
  ])('refuses a text that it did not encode: %s', (_what, cursor) => {
    expect(idCursors.decode(cursor)).toBeNull();
    expect(() => readPageRequest({ after: cursor }, idCursors)).toThrow(badUserInput);
  });
});

describe('makeKeyCursors', () => {
  it('decodes what it encoded', () => {
    for (const key of [
      [0, ''],
      [1999, 'a'],
      [2 ** 53 - 1, '\u{1f600} "quoted" \u202e'],
    ] as Key[]) {
      expect(cursors.decode(cursors.encode(key))).toEqual(key);
    }
  });

  it.each([
    ['nothing', ''],
    ['another list', encode(['NAME', 1, 'a'])],
    ['no list', encode([1, 'a'])],
    ['another shape', encode(['PRICE', '1', 'a'])],
    ['more values', encode(['PRICE', 1, 'a', 2])],
    ['an object', encode({ 0: 'PRICE', 1: 1, 2: 'a', length: 3 })],
    ['other JSON of the same values', Buffer.from('["PRICE", 1,"a"]').toString('base64url')],
    ['padding', `${encode(['PRICE', 1, 'aa'])}=`],
    ['no JSON', Buffer.from('PRICE').toString('base64url')],
    ['a long text', 'x'.repeat(10_000)],
    ['an encoded key that is too long', cursors.encode([1, 'x'.repeat(MAX_CURSOR_LENGTH)])],
    ['characters outside Base64', '\u{1f600}'],
  ])('refuses a text that it did not encode: %s', (_what, cursor) => {
    expect(cursors.decode(cursor)).toBeNull();
    for (const args of [{ after: cursor }, { before: cursor }]) {
      expect(() => readPageRequest(args, cursors)).toThrow(badUserInput);
    }
  });
});
