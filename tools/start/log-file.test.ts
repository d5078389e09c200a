import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { failureWithLogs, makeLogFile } from './log-file.ts';

describe('makeLogFile', () => {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-log-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  it('adds to what is there, and shows the end of what is new', () => {
    fs.writeFileSync(path.join(folder, 'order.log'), 'yesterday\n');
    const logFile = makeLogFile(folder, 'order');
    expect(logFile.tail(2)).toEqual(['']);
    const output = logFile.open();
    fs.writeSync(output.fd, 'one\ntwo\nthree\n');
    output.close();
    expect(logFile.tail(2)).toEqual(['two', 'three']);
    expect(logFile.tail(9)).toEqual(['one', 'two', 'three']);
    expect(fs.readFileSync(logFile.path, 'utf8')).toBe('yesterday\none\ntwo\nthree\n');
    expect(failureWithLogs('No.', [logFile]).message).toContain('  two\n  three');
  });

  it('puts a log aside that has grown large', () => {
    const file = path.join(folder, 'order.log');
    fs.writeFileSync(file, '');
    fs.truncateSync(file, 20_000_001);
    makeLogFile(folder, 'order');
    expect(fs.readdirSync(folder)).toEqual(['order.log.old']);
  });
});
