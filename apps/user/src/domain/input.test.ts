import { describe, expect, it } from 'vitest';
import {
  findCredentialFaults,
  makePasswordRule,
  normalizeEmail,
  normalizePassword,
} from './input.ts';

describe('a text that is too long', () => {
  // 64 kB of these took 0.8 s to normalise, and four times as long for each doubling.
  const marks = `a${'\u0315'.repeat(250_000)}${'\u0316'.repeat(250_000)}`;

  // What it costs is measured by test/hostile-texts.test.ts.
  it('is refused without being normalised', () => {
    expect([normalizeEmail(`${marks}@b.co`), normalizePassword(marks)]).toEqual([null, null]);
    expect(makePasswordRule([])('password', marks)).toHaveLength(1);
  });

  it('is a valid password if it is short after it is composed', () => {
    const typed = '\u1112\u1161\u11ab'.repeat(128);
    expect(normalizePassword(typed)).toBe('\ud55c'.repeat(128));
    expect(makePasswordRule([])('password', typed)).toEqual([]);
  });
});

const rule = makePasswordRule(['P@ssw0rd']);

describe('findCredentialFaults', () => {
  it('finds none in an address and a password of 8 characters', () => {
    expect(findCredentialFaults({ email: 'a@b.co', password: 'P@ssw0rd' }, rule)).toEqual([]);
  });

  it('names every fault at once', () => {
    expect(
      findCredentialFaults({ email: 'invalid', password: 'short' }, rule).map((f) => f.path),
    ).toEqual(['email', 'password']);
  });

  it('counts characters, not bytes or code units', () => {
    const faults = (password: string) => findCredentialFaults({ email: 'a@b.co', password }, rule);
    expect(faults('🔑'.repeat(128))).toEqual([]);
    expect(faults('🔑'.repeat(7))).toHaveLength(1);
    expect(faults('x'.repeat(129))).toHaveLength(1);
  });

  it('refuses common passwords in any case, except those that are allowed', () => {
    expect(rule('password', 'Password1')).toHaveLength(1);
    expect(rule('password', 'qwertyuiop')).toHaveLength(1);
    expect(rule('password', 'ＱＷＥＲＴＹＵＩＯＰ')).toHaveLength(1);
    expect(rule('password', 'ｐa\u{1d42c}sword①')).toHaveLength(1);
    expect(rule('password', 'P@ssw0rd')).toEqual([]);
    expect(makePasswordRule([])('password', 'P@ssw0rd')).toHaveLength(1);
    expect(rule('password', 'purple monkey dishwasher')).toEqual([]);
  });
});

const local = (length: number) => 'a'.repeat(length);

/** A domain of 189 octets, and of one more. */
const [longest, tooLong] = [61, 62].map((length) =>
  [63, 63, length].map((octets) => 'd'.repeat(octets)).join('.'),
);

describe('normalizeEmail', () => {
  it('normalises all spellings of an address to one form', () => {
    expect(normalizeEmail('  Ada@Example.COM ')).toBe('ada@example.com');
    expect(normalizeEmail('ａda@example.com')).toBe('ada@example.com');
    expect(normalizeEmail('ada＠ｅｘａｍｐｌｅ．com')).toBe('ada@example.com');
  });

  it.each([
    'a&b@example.com',
    "o'brien+tag@example.com",
    "!#$%&'*+/=?^_`{|}~-@example.com",
    '.a..b.@example.com',
    'a@b',
    'a@1.2.3.4',
    'a@example.xn--p1ai',
    'a@x--y.co-op.museum',
    `${local(64)}@example.com`,
    `a@${'d'.repeat(63)}.com`,
    `${local(64)}@${longest}`,
  ])('accepts %p, as a form in a browser does', (text) => {
    expect(normalizeEmail(text)).toBe(text);
  });

  it.each([
    ['a@пример.рф', 'a@xn--e1afmkfd.xn--p1ai'],
    ['A@ПРИМЕР.РФ', 'a@xn--e1afmkfd.xn--p1ai'],
    ['a@XN--E1AFMKFD.xn--p1ai', 'a@xn--e1afmkfd.xn--p1ai'],
    ['a@xn--e1afmkfd.рф', 'a@xn--e1afmkfd.xn--p1ai'],
    ['a@bu\u0308cher.de', 'a@xn--bcher-kva.de'],
    ['a@例え。テスト', 'a@xn--r8jz45g.xn--zckzah'],
    // Looks like the ASCII domain: it must not be another account.
    ['a@exam\u00adple.com', 'a@example.com'],
    ['a@ex\u200bample.com', 'a@example.com'],
    // UTS #46, non-transitional: another domain than fass.de.
    ['a@faß.de', 'a@xn--fa-hia.de'],
    ['a@ΣΑΣ.gr', 'a@xn--mxa9ab.gr'],
  ])('converts the domain of %p to ASCII', (text, email) => {
    expect(normalizeEmail(text)).toBe(email);
  });

  it.each([
    '',
    '@',
    'ada',
    'ada@',
    '@example.com',
    'a da@example.com',
    'a@b@example.com',
    '"a b"@example.com',
    'a(comment)@example.com',
    'a,b@example.com',
    'a;b@example.com',
    'a:b@example.com',
    'a<b>@example.com',
    'a\\b@example.com',
    'пример@example.com',
    'a\0@example.com',
    'a@[127.0.0.1]',
    'a@example..com',
    'a@.example.com',
    'a@example.com.',
    'a@-example.com',
    'a@example-.com',
    'a@exa_mple.com',
    'a@пример.рф/x',
    'a@пример.рф:1',
    'a@пример%2eрф',
    'a@xn--a.рф',
    'a@пример.1',
    'a@\ud800.com',
    `${local(65)}@example.com`,
    `a@${'d'.repeat(64)}.com`,
    `${local(64)}@${tooLong}`,
    // Short enough as typed, but not in ASCII.
    `a@${`${'ж'.repeat(57)}.`.repeat(4)}com`,
  ])('refuses %p', (text) => {
    expect(normalizeEmail(text)).toBeNull();
  });
});
