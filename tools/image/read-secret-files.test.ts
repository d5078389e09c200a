import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSecretFiles, SECRETS } from './read-secret-files.ts';

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-secrets-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const write = (text: string): string => {
  const file = path.join(folder, String(fs.readdirSync(folder).length));
  fs.writeFileSync(file, text);
  return file;
};

describe('secrets in files', () => {
  it('are variables of the shop', () => {
    const example = fs.readFileSync(
      path.resolve(import.meta.dirname, '..', '..', '.env.example'),
      'utf8',
    );
    for (const name of SECRETS) expect(example).toContain(`\n${name}=`);
  });

  it.each([
    ['hunter2', 'hunter2'],
    ['hunter2\n', 'hunter2'],
    ['hunter2\r\n', 'hunter2'],
    ['two\nlines\n\n', 'two\nlines\n'],
    ['', ''],
  ])('reads %j without the line break at its end', (text, value) => {
    const { values, faults } = readSecretFiles({ ORDER_SECRET_FILE: write(text) });
    expect([values, faults]).toEqual([{ ORDER_SECRET: value }, []]);
  });

  it('leaves other variables, empty ones and files that a service reads itself alone', () => {
    const env = { ORDER_SECRET_FILE: '', JWT_KEYS_FILE: '/nowhere', SSL_CERT_FILE: '/nowhere' };
    expect(readSecretFiles(env)).toEqual({ values: {}, faults: [] });
  });

  it('reports a file that can not be read, is too large, or is given beside the value', () => {
    const { values, faults } = readSecretFiles({
      ORDER_SECRET_FILE: '/nowhere/hunter2',
      NATS_URL_FILE: folder,
      STRIPE_SECRET_KEY_FILE: write('x'.repeat(70_000)),
      USER_DATABASE_URL: 'hunter2',
      USER_DATABASE_URL_FILE: write('hunter3'),
    });
    expect(values).toEqual({});
    expect(faults).toEqual([
      'USER_DATABASE_URL_FILE: is set, and USER_DATABASE_URL as well',
      "ORDER_SECRET_FILE: can't be read (ENOENT)",
      "NATS_URL_FILE: can't be read (EISDIR)",
      'STRIPE_SECRET_KEY_FILE: is larger than 65536 bytes',
    ]);
    expect(faults.join()).not.toContain('hunter');
  });
});
