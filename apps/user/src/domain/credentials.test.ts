import { describe, expect, it } from '@jest/globals';
import { findCredentialFaults, makePasswordRule, readPassword } from './credentials.ts';
import { readEmail } from './email.ts';

describe('a text that is too long', () => {
  // 64 kB of these took 0.8 s to normalise, and four times as long for each doubling.
  const marks = `a${'\u0315'.repeat(250_000)}${'\u0316'.repeat(250_000)}`;

  // What it costs is measured by test/hostile-texts.test.ts.
  it('is no address and no password, without being normalised', () => {
    expect([readEmail(`${marks}@b.co`), readPassword(marks)]).toEqual([null, null]);
    expect(makePasswordRule([])('password', marks)).toHaveLength(1);
  });

  it('may be a password all the same when it is short once it is composed', () => {
    const typed = '\u1112\u1161\u11ab'.repeat(128);
    expect(readPassword(typed)).toBe('\ud55c'.repeat(128));
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
      findCredentialFaults({ email: 'nobody', password: 'short' }, rule).map((f) => f.path),
    ).toEqual(['email', 'password']);
  });

  it('counts characters, not bytes or code units', () => {
    const faults = (password: string) => findCredentialFaults({ email: 'a@b.co', password }, rule);
    expect(faults('🔑'.repeat(128))).toEqual([]);
    expect(faults('🔑'.repeat(7))).toHaveLength(1);
    expect(faults('x'.repeat(129))).toHaveLength(1);
  });

  it('refuses what everybody tries first, in whatever case, but for what is allowed', () => {
    expect(rule('password', 'Password1')).toHaveLength(1);
    expect(rule('password', 'qwertyuiop')).toHaveLength(1);
    expect(rule('password', 'ＱＷＥＲＴＹＵＩＯＰ')).toHaveLength(1);
    expect(rule('password', 'ｐa\u{1d42c}sword①')).toHaveLength(1);
    expect(rule('password', 'P@ssw0rd')).toEqual([]);
    expect(makePasswordRule([])('password', 'P@ssw0rd')).toHaveLength(1);
    expect(rule('password', 'purple monkey dishwasher')).toEqual([]);
  });
});
