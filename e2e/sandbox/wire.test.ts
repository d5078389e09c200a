import { describe, expect, it } from 'vitest';
import { makeMessageCutter, readBind, readParse } from './wire.ts';

const int = (value: number, bytes: 2 | 4): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeIntBE(value, 0, bytes);
  return buffer;
};

const message = (type: string, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int(body.length + 4, 4), body]);
};

const startup = Buffer.concat([int(9, 4), Buffer.from('hello')]);

describe('makeMessageCutter', () => {
  it('finds the same messages wherever the stream is cut', () => {
    const parse = message('P', Buffer.from('name\0SELECT $1\0'), int(0, 2));
    const stream = Buffer.concat([startup, parse, message('S')]);
    for (let cut = 0; cut <= stream.length; cut += 1) {
      const next = makeMessageCutter(true);
      const messages = [...next(stream.subarray(0, cut)), ...next(stream.subarray(cut))];
      expect(messages.map(({ type }) => type)).toEqual(['', 'P', 'S']);
      expect(messages[1] && readParse(messages[1])).toEqual({ name: 'name', sql: 'SELECT $1' });
    }
  });
});

describe('readBind', () => {
  it('reads the parameters, with those that are NULL', () => {
    const bytes = message(
      'B',
      Buffer.from('\0statement\0'),
      ...[int(1, 2), int(0, 2)],
      ...[int(2, 2), int(3, 4), Buffer.from('abc'), int(-1, 4)],
      int(0, 2),
    );
    expect(readBind({ type: 'B', bytes })).toEqual({ name: 'statement', values: ['abc', null] });
  });
});
