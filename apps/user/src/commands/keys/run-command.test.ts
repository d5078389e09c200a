import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeKeyFile, parseKeyFile } from '@cartograph/auth';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { changeKeyFile } from './key-file.ts';
import { makePem } from './make-pem.ts';
import { runCommand } from './run-command.ts';

let folder = '';
let now: number;
let said: string[];
const file = () => path.join(folder, 'keys.json');
const text = () => fs.readFileSync(file(), 'utf8');
const keys = () => parseKeyFile(text());
const states = () => keys().keys.map(({ state }) => state);

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-keys-'));
  now = Date.UTC(2026, 0, 1);
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const run = (line: string, env: Record<string, string> = { JWT_KEYS_FILE: file() }) => {
  said = [];
  const say = (what: string) => void said.push(what);
  return runCommand(line.split(' '), {
    env,
    developmentFile: path.join(folder, 'development.json'),
    now: () => new Date(now),
    print: say,
    printError: say,
  });
};
const heard = () => said.join('\n');

describe('npm run keys', () => {
  it('rotates: publish, wait, sign, wait, retire', () => {
    expect([run('publish'), states()]).toEqual([0, ['signing']]);
    expect([run('publish'), states()]).toEqual([0, ['signing', 'published']]);
    now += 119_000;
    expect([run('sign'), heard()]).toEqual([1, expect.stringContaining('sign in 1 s')]);
    now += 1_000;
    expect([run('sign'), states()]).toEqual([0, ['retired', 'signing']]);
    now += 724_999;
    expect([run('retire'), states()]).toEqual([0, ['retired', 'signing']]);
    expect(heard()).toContain('in use until 2026-01-01T00:14:05.000Z');
    now += 1;
    expect([run('retire'), states()]).toEqual([0, ['signing']]);
    expect([run('retire'), heard()]).toEqual([0, 'No key is retired.']);
  });

  it('takes the waits from the same variables as the services, and from --wait and --now', () => {
    const env = {
      JWT_KEYS_FILE: file(),
      JWKS_REFRESH_MS: '10000',
      ACCESS_TOKEN_LIFETIME_MS: '5000',
    };
    run('publish');
    run('publish');
    run('sign', env);
    expect(heard()).toContain('sign in 20 s');
    run('sign --wait 7', env);
    expect(heard()).toContain('sign in 7 s');
    expect([run('sign --now', env), states()]).toEqual([0, ['retired', 'signing']]);
    now += 5_000 + 20_000 + 5_000;
    expect([run('retire', env), states()]).toEqual([0, ['signing']]);
    expect(run('sign', { ...env, JWKS_REFRESH_MS: 'soon' })).toBe(1);
  });

  it('removes a key that leaked', () => {
    run('publish');
    run('publish');
    run('sign --now');
    const [leaked, signing] = keys().keys.map(({ kid }) => kid);
    expect(run(`remove ${signing}`)).toBe(1);
    expect([run(`remove ${leaked}`), states()]).toEqual([0, ['signing']]);
  });

  it('goes on with the key of JWT_PRIVATE_KEY when it makes the file', () => {
    const pem = makePem();
    run(`publish --file ${file()}`, { JWT_PRIVATE_KEY: pem.replaceAll('\n', '\\n') });
    expect(states()).toEqual(['signing', 'published']);
    expect(keys().keys[0]?.pem).toBe(pem);
  });

  it('leaves a file that only its owner can read, and nothing beside it', () => {
    for (const step of ['publish', 'publish', 'sign --now']) run(step);
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(folder)).toEqual(['keys.json']);
  });

  it('shows a table without anything private', () => {
    run('publish');
    run('publish');
    expect(run('status')).toBe(0);
    for (const { kid } of keys().keys) expect(heard()).toContain(kid);
    expect(heard()).toContain('can sign at 2026-01-01T00:02:00.000Z');
    expect(heard()).not.toContain('BEGIN');
  });

  it('marks the keys of development, and keeps their mark alone', () => {
    run('publish');
    expect(keys().purpose).toBeUndefined();
    fs.rmSync(file());
    changeKeyFile(file(), () => makeKeyFile(makePem(), new Date(), 'development'));
    for (const step of ['publish', 'sign --now', 'retire']) run(step);
    expect(keys().purpose).toBe('development');
  });

  it.each(['', 'bla', 'sign --wait soon', 'sign --wait -1', 'publish --now', 'remove', 'status x'])(
    'refuses the words "%s" and says how to use it',
    (line) => {
      expect(run(line)).toBe(2);
      expect(heard()).toContain('usage: npm run keys');
    },
  );

  it('refuses a file that is not there or not valid, and leaves it', () => {
    for (const step of ['sign', 'retire', 'remove x', 'status']) expect(run(step)).toBe(1);
    expect(heard()).toContain('publish makes it');
    const broken = JSON.stringify({ keys: [{ pem: makePem() }] });
    fs.writeFileSync(file(), broken);
    expect([run('publish'), text()]).toEqual([1, broken]);
    expect(heard()).not.toContain('BEGIN');
    expect(fs.readdirSync(folder)).toEqual(['keys.json']);
  });

  it('loses no key when many run at once', async () => {
    const main = path.resolve(import.meta.dirname, 'main.ts');
    const publish = () =>
      promisify(execFile)(process.execPath, [main, 'publish', '--file', file()]);
    await Promise.all(Array.from({ length: 8 }, publish));
    expect(states().toSorted()).toEqual([...Array<string>(7).fill('published'), 'signing']);
  });
});

describe('a file of keys', () => {
  it('stays as it was when the change fails', () => {
    run('publish');
    const before = text();
    const fail = () => {
      throw new Error('no');
    };
    expect(() => changeKeyFile(file(), fail)).toThrow('no');
    expect(() => changeKeyFile(file(), () => ({ keys: [] }))).toThrow('0 keys that sign');
    expect(text()).toBe(before);
    expect(fs.readdirSync(folder)).toEqual(['keys.json']);
  });
});
