import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseKeyFile } from '@cartograph/auth';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makePem } from '../../apps/user/src/commands/key-file.ts';
import { ensureSigningKeys } from './signing-keys.ts';

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

  it('goes on with the key of an earlier version, whose tokens stay good', () => {
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
