import { expect, it } from 'vitest';
import { makeHaproxyConfig } from './haproxy-config.ts';

it('haproxy checks each replica, and repeats no request that was sent', () => {
  const replicas = [
    { name: 'user-1', port: 1 },
    { name: 'user-2', port: 2 },
  ];
  const config = makeHaproxyConfig([{ name: 'user', port: 3, replicas }], 4);
  expect(config).toContain(`listen user
  bind 127.0.0.1:3
  server user-1 127.0.0.1:1 check
  server user-2 127.0.0.1:2 check
`);
  expect(config).toContain('uri /readyz');
  expect(config.match(/retry-on .*/g)).toEqual(['retry-on conn-failure']);
});
