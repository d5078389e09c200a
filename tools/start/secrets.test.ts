import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseKeyFile } from '@cartograph/auth';
import { makePem } from '../../apps/user/src/commands/key-file.ts';
import { ensureSecrets, ensureSigningKeys } from './secrets.ts';

describe('ensureSecrets', () => {
  let stateDir = '';
  const file = () => path.join(stateDir, 'dev.env');
  beforeEach(() => {
    stateDir = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-secrets-'));
  });
  afterEach(() => fs.rmSync(stateDir, { recursive: true }));

  it('makes them once, and only their owner can read the file', () => {
    const made = ensureSecrets(stateDir);
    expect(ensureSecrets(stateDir)).toEqual(made);
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
    expect(made['ROUTER_SECRET']).toMatch(/^dev-[\w-]{43}$/);
    expect(made['SIMULATOR_WEBHOOK_SECRET']).toMatch(/^dev-[\w-]{43}$/);
    expect(new Set(Object.values(made)).size).toBe(Object.keys(made).length);
  });

  it('stores a text of many lines in one line of the file', () => {
    fs.writeFileSync(file(), 'JWT_PRIVATE_KEY="one\\ntwo"\n');
    expect(ensureSecrets(stateDir)['JWT_PRIVATE_KEY']).toBe('one\ntwo');
    expect(ensureSecrets(stateDir)['JWT_PRIVATE_KEY']).toBe('one\ntwo');
    const lines = fs.readFileSync(file(), 'utf8').trimEnd().split('\n').slice(1);
    expect(lines.every((line) => /^[A-Z_]+="[^"]+"$/.test(line))).toBe(true);
  });

  it('adds what is missing and changes nothing else', () => {
    fs.writeFileSync(file(), 'ORDER_SECRET=kept\n');
    const secrets = ensureSecrets(stateDir);
    expect(secrets['ORDER_SECRET']).toBe('kept');
    expect(secrets['USER_DB_PASSWORD']).toMatch(/^dev-[\w-]{43}$/);
  });
});

describe('ensureSigningKeys', () => {
  let stateDir = '';
  const file = () => path.join(stateDir, 'keys.json');
  const read = () => parseKeyFile(fs.readFileSync(file(), 'utf8'));
  beforeEach(() => {
    stateDir = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-signing-keys-'));
  });
  afterEach(() => fs.rmSync(stateDir, { recursive: true }));

  it('makes them once, for development alone and for their owner alone', () => {
    expect(ensureSigningKeys(stateDir, {}, {})).toEqual({ JWT_KEYS_FILE: file() });
    const made = read();
    expect(made).toMatchObject({ purpose: 'development', keys: [{ state: 'signing' }] });
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
    ensureSigningKeys(stateDir, {}, {});
    expect(read()).toEqual(made);
  });

  it('uses the key of an earlier version, whose tokens stay valid', () => {
    const pem = makePem();
    ensureSigningKeys(stateDir, {}, { JWT_PRIVATE_KEY: pem });
    expect(read().keys.map((key) => key.pem)).toEqual([pem]);
  });

  it('makes none where some are given', () => {
    expect(ensureSigningKeys(stateDir, { JWT_PRIVATE_KEY: 'x' }, {})).toEqual({});
    expect(ensureSigningKeys(stateDir, { JWT_KEYS_FILE: 'x' }, {})).toEqual({});
    expect(fs.readdirSync(stateDir)).toEqual([]);
  });
});
