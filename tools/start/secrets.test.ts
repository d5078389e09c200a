import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureSecrets } from './secrets.ts';

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

  it('keeps a text of many lines in one line of the file', () => {
    fs.writeFileSync(file(), 'JWT_PRIVATE_KEY="one\\ntwo"\n');
    expect(ensureSecrets(stateDir)['JWT_PRIVATE_KEY']).toBe('one\ntwo');
    expect(ensureSecrets(stateDir)['JWT_PRIVATE_KEY']).toBe('one\ntwo');
    const lines = fs.readFileSync(file(), 'utf8').trimEnd().split('\n').slice(1);
    expect(lines.every((line) => /^[A-Z_]+="[^"]+"$/.test(line))).toBe(true);
  });

  it('adds what is missing and keeps what is there', () => {
    fs.writeFileSync(file(), 'ORDER_SECRET=kept\n');
    const secrets = ensureSecrets(stateDir);
    expect(secrets['ORDER_SECRET']).toBe('kept');
    expect(secrets['USER_DB_PASSWORD']).toMatch(/^dev-[\w-]{43}$/);
  });
});
