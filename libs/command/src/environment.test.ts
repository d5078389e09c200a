import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandFailure } from './command-failure.ts';
import { readGiven, readShopEnvironment, readVariables, writeVariables } from './environment.ts';

let root: string;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'environment-'));
  fs.mkdirSync(path.join(root, '.cartograph'));
});
afterEach(() => fs.rmSync(root, { recursive: true }));

const shopFile = () => path.join(root, '.cartograph', 'shop.env');

describe('what the person set', () => {
  it('is the .env file, overruled by the process, without what is set to nothing', () => {
    fs.writeFileSync(path.join(root, '.env'), 'A=file\nB=file\nC=\n');
    expect(readGiven({ B: 'process', A: '', D: undefined }, root)).toEqual({
      A: 'file',
      B: 'process',
    });
  });

  it('is another file than .env where that is named', () => {
    fs.writeFileSync(path.join(root, '.env'), 'A=file');
    const given = { CARTOGRAPH_ENV_FILE: os.devNull, B: 'process' };
    expect(readGiven(given, root)).toEqual(given);
  });

  it('is the process alone where there is no .env file', () => {
    expect(readGiven({ B: 'process' }, path.join(root, 'none'))).toEqual({ B: 'process' });
  });
});

describe('the environment of a command', () => {
  it('is that of the shop on this machine, with what was given instead of its values', () => {
    writeVariables(shopFile(), 'a note', { URL: 'postgres://shop', OTHER: 'shop' });
    expect(readShopEnvironment('URL', { OTHER: 'given' }, root)).toEqual({
      URL: 'postgres://shop',
      OTHER: 'given',
    });
  });

  it('is only what was given when that has the variable', () => {
    writeVariables(shopFile(), 'a note', { URL: 'postgres://shop', OTHER: 'shop' });
    expect(readShopEnvironment('URL', { URL: 'postgres://mine' }, root)).toEqual({
      URL: 'postgres://mine',
    });
  });

  it('is refused when no shop was ever started here, with what to do about it', () => {
    expect(() => readShopEnvironment('URL', {}, root)).toThrow(CommandFailure);
    expect(() => readShopEnvironment('URL', {}, root)).toThrow(
      /There is no shop in .*\.cartograph yet: run npm start once, or set URL\./,
    );
  });
});

describe('a file of variables', () => {
  it('is read as it was written, line ends and quotes of JSON included', () => {
    const variables = { PEM: 'one\ntwo\n', PLAIN: 'a=b#c d' };
    writeVariables(shopFile(), 'a note', variables);
    expect(readVariables(shopFile())).toEqual(variables);
  });

  it('is only for its owner', () => {
    writeVariables(shopFile(), 'a note', { A: 'b' });
    expect(fs.statSync(shopFile()).mode & 0o777).toBe(0o600);
  });
});
