import { describe, expect, it } from '@jest/globals';
import { readEmail } from './email.ts';

const local = (length: number) => 'a'.repeat(length);

/** A domain of 189 octets, and of one more. */
const [longest, tooLong] = [61, 62].map((length) =>
  [63, 63, length].map((octets) => 'd'.repeat(octets)).join('.'),
);

describe('readEmail', () => {
  it('gives one form to all ways of writing an address', () => {
    expect(readEmail('  Ada@Example.COM ')).toBe('ada@example.com');
    expect(readEmail('ａda@example.com')).toBe('ada@example.com');
    expect(readEmail('ada＠ｅｘａｍｐｌｅ．com')).toBe('ada@example.com');
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
  ])('takes %p, as a form in a browser does', (text) => {
    expect(readEmail(text)).toBe(text);
  });

  it.each([
    ['a@пример.рф', 'a@xn--e1afmkfd.xn--p1ai'],
    ['A@ПРИМЕР.РФ', 'a@xn--e1afmkfd.xn--p1ai'],
    ['a@XN--E1AFMKFD.xn--p1ai', 'a@xn--e1afmkfd.xn--p1ai'],
    ['a@xn--e1afmkfd.рф', 'a@xn--e1afmkfd.xn--p1ai'],
    ['a@bu\u0308cher.de', 'a@xn--bcher-kva.de'],
    ['a@例え。テスト', 'a@xn--r8jz45g.xn--zckzah'],
    // Not to be told from the one of ASCII: it would be another account for the same eyes.
    ['a@exam\u00adple.com', 'a@example.com'],
    ['a@ex\u200bample.com', 'a@example.com'],
    // UTS #46, non-transitional: another domain than fass.de.
    ['a@faß.de', 'a@xn--fa-hia.de'],
    ['a@ΣΑΣ.gr', 'a@xn--mxa9ab.gr'],
  ])('brings the domain of %p into ASCII', (text, email) => {
    expect(readEmail(text)).toBe(email);
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
    // Fits as it is typed, and not as it is delivered.
    `a@${`${'ж'.repeat(57)}.`.repeat(4)}com`,
  ])('refuses %p', (text) => {
    expect(readEmail(text)).toBeNull();
  });
});
