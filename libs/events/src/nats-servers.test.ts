import { describe, expect, it } from 'vitest';
import { natsServers } from './nats-servers.ts';

const read = (text: string) => natsServers().safeParse(text);

describe('NATS_URL', () => {
  it('is one address or several, with or without access', () => {
    expect(read('nats://127.0.0.1:4222').data).toEqual({
      servers: ['127.0.0.1:4222'],
      isEncrypted: false,
    });
    expect(read('tls://shop:p%40ss@a.test, tls://b.test:4333').data).toEqual({
      servers: ['a.test', 'b.test:4333'],
      isEncrypted: true,
      user: 'shop',
      password: 'p@ss',
    });
    expect(read('nats://t0ken@a.test').data).toEqual({
      servers: ['a.test'],
      isEncrypted: false,
      token: 't0ken',
    });
  });

  it.each(['a.test:4222', 'http://a.test', 'nats://', 'nats://a.test,b.test'])(
    'is not %s',
    (text) => {
      expect(read(text).error?.issues[0]?.message).toBe('is not nats:// or tls:// addresses');
    },
  );

  it.each([
    'nats://shop:50%off@a.test:4222',
    'nats://sh%op:secret@a.test',
    'nats://t%ffken@a.test',
  ])('is not %s, whose access is not percent-encoded, and the error does not repeat it', (text) => {
    expect(read(text).error?.issues).toEqual([
      expect.objectContaining({
        message: 'has a user, password or token that is not percent-encoded: % is %25',
      }),
    ]);
  });
});
