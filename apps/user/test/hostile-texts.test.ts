import { expect, it } from 'vitest';
import { findCostlyTexts } from '@cartograph/testing';
import { openUser } from './open-user.ts';

/** The throttle would refuse most attempts before it reads their texts. */
const UNTHROTTLED = { LOGIN_FAILURES_PER_ACCOUNT: '100000', PASSWORD_CHANGE_FAILURES: '100000' };

it('refuses texts that are too long, and processes the most expensive allowed text quickly', async () => {
  const users = await openUser(UNTHROTTLED);
  try {
    const schema = new URL('../schema.graphql', import.meta.url);
    const authorization = await users.loginAdmin('ada@example.com');
    const { data } = await users.send('{ me { id } }', {}, authorization);
    const ids = { User: data.me.id as string };
    expect(await findCostlyTexts(users.app, schema, { authorization }, ids)).toEqual([]);
  } finally {
    await users.close();
  }
});
