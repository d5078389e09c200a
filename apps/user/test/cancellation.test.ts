import { expect, it } from 'vitest';
import { cancelQuery } from '@cartograph/testing';
import { openUser } from './open-user.ts';

it('a query is cancelled in the database when its client disconnects or its deadline passes', async () => {
  const users = await openUser();
  const { accessToken } = await users.register('ada@example.com');
  const headers = { authorization: `Bearer ${accessToken}` };
  for (const [table, query] of [
    ['users', '{ me { email } }'],
    ['sessions', '{ me { sessions { id } } }'],
  ] as const) {
    expect(await cancelQuery(users, table, query, { headers })).toEqual(['UNAVAILABLE']);
  }
  await users.close();
});
