import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeKeyFile, parseKeyFile } from '@cartograph/auth';
import { runProgram } from '@cartograph/command';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { changeKeyFile, makePem } from './key-file.ts';
import { makeKeysProgram } from './keys-program.ts';

let folder = '';
let now: number;
let printed = '';
const file = () => path.join(folder, 'keys.json');
const text = () => fs.readFileSync(file(), 'utf8');
const keys = () => parseKeyFile(text());
const states = () => keys().keys.map(({ state }) => state);

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-keys-'));
  now = Date.UTC(2026, 0, 1);
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((line) => {
      printed += String(line);
      return true;
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

/** Runs a command line. @returns its exit code */
const run = (line: string, env: Record<string, string> = { JWT_KEYS_FILE: file() }) => {
  printed = '';
  const program = makeKeysProgram(
    { CARTOGRAPH_STATE_DIR: path.join(folder, 'development'), ...env },
    () => new Date(now),
  );
  return runProgram(program, line.split(' '));
};

describe('npm run keys', () => {
  it('rotates: publish, wait, sign, wait, retire', async () => {
    expect([await run('publish'), states()]).toEqual([0, ['signing']]);
    expect([await run('publish'), states()]).toEqual([0, ['signing', 'published']]);
    now += 119_000;
    expect([await run('sign'), printed]).toEqual([1, expect.stringContaining('sign in 1 s')]);
    now += 1_000;
    expect([await run('sign'), states()]).toEqual([0, ['retired', 'signing']]);
    now += 724_999;
    expect([await run('retire'), states()]).toEqual([0, ['retired', 'signing']]);
    expect(printed).toContain('in use until 2026-01-01T00:14:05.000Z');
    now += 1;
    expect([await run('retire'), states()]).toEqual([0, ['signing']]);
    expect([await run('retire'), printed]).toEqual([0, 'No key is retired.\n']);
  });

  it('reads the waits from the variables of the services, or from --wait and --now', async () => {
    const env = {
      JWT_KEYS_FILE: file(),
      JWKS_REFRESH_MS: '10000',
      ACCESS_TOKEN_LIFETIME_MS: '5000',
    };
    await run('publish');
    await run('publish');
    await run('sign', env);
    expect(printed).toContain('sign in 20 s');
    await run('sign --wait 7', env);
    expect(printed).toContain('sign in 7 s');
    expect([await run('sign --now', env), states()]).toEqual([0, ['retired', 'signing']]);
    now += 5_000 + 20_000 + 5_000;
    expect([await run('retire', env), states()]).toEqual([0, ['signing']]);
    expect(await run('sign', { ...env, JWKS_REFRESH_MS: 'soon' })).toBe(1);
  });

  it('removes a key that leaked', async () => {
    await run('publish');
    await run('publish');
    await run('sign --now');
    const [leaked, signing] = keys().keys.map(({ kid }) => kid);
    expect(await run(`remove ${signing}`)).toBe(1);
    expect([await run(`remove ${leaked}`), states()]).toEqual([0, ['signing']]);
  });

  it('makes the file with the key of JWT_PRIVATE_KEY, which still signs', async () => {
    const pem = makePem();
    await run(`publish --file ${file()}`, { JWT_PRIVATE_KEY: pem.replaceAll('\n', '\\n') });
    expect(states()).toEqual(['signing', 'published']);
    expect(keys().keys[0]?.pem).toBe(pem);
  });

  it('writes a file that only its owner can read, and no other file', async () => {
    for (const step of ['publish', 'publish', 'sign --now']) await run(step);
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(folder)).toEqual(['keys.json']);
  });

  it('shows a table without anything private', async () => {
    await run('publish');
    await run('publish');
    expect(await run('status')).toBe(0);
    for (const { kid } of keys().keys) expect(printed).toContain(kid);
    expect(printed).toContain('can sign at 2026-01-01T00:02:00.000Z');
    expect(printed).not.toContain('BEGIN');
  });

  it('keeps the mark of keys that were made for development, and adds none', async () => {
    await run('publish');
    expect(keys().purpose).toBeUndefined();
    fs.rmSync(file());
    changeKeyFile(file(), () => makeKeyFile(makePem(), new Date(), 'development'));
    for (const step of ['publish', 'sign --now', 'retire']) await run(step);
    expect(keys().purpose).toBe('development');
  });

  it.each(['', 'bla', 'sign --wait soon', 'sign --wait -1', 'publish --now', 'remove', 'status x'])(
    'refuses the command line "%s" and prints its usage',
    async (line) => {
      expect(await run(line)).toBe(2);
      expect(printed).toContain('Usage: npm run keys');
    },
  );

  it('refuses a file that is missing or not valid, and does not change it', async () => {
    for (const step of ['sign', 'retire', 'remove x', 'status']) expect(await run(step)).toBe(1);
    expect(printed).toContain('publish makes it');
    const broken = JSON.stringify({ keys: [{ pem: makePem() }] });
    fs.writeFileSync(file(), broken);
    expect([await run('publish'), text()]).toEqual([1, broken]);
    expect(printed).not.toContain('BEGIN');
    expect(fs.readdirSync(folder)).toEqual(['keys.json']);
  });

  it('loses no key when several commands run concurrently', async () => {
    const main = path.resolve(import.meta.dirname, 'keys.ts');
    const publish = () =>
      promisify(execFile)(process.execPath, [main, 'publish', '--file', file()]);
    await Promise.all(Array.from({ length: 8 }, publish));
    expect(states().toSorted()).toEqual([...Array<string>(7).fill('published'), 'signing']);
  });
});

describe('a file of keys', () => {
  it('stays as it was when the change fails', async () => {
    await run('publish');
    const before = text();
    const fail = () => {
      throw new Error('no');
    };
    expect(() => changeKeyFile(file(), fail)).toThrow('no');
    expect(() => changeKeyFile(file(), () => ({ keys: [] }))).toThrow('0 keys that sign');
    expect(text()).toBe(before);
    expect(fs.readdirSync(folder)).toEqual(['keys.json']);
  });

  it('leaves the permissions of an existing file as they are', async () => {
    await run('publish');
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
    fs.chmodSync(file(), 0o640);
    expect(await run('publish')).toBe(0);
    expect(fs.statSync(file()).mode & 0o777).toBe(0o640);
  });
});
