import { expect, it } from '@jest/globals';
import { findCostlyTexts } from '@cartograph/testing';
import { openShop } from './open-shop.ts';

it('refuses each text that is too long, and reads the most expensive that is not at little cost', async () => {
  const shop = await openShop();
  try {
    const schema = new URL('../schema.graphql', import.meta.url);
    const authorization = shop.authorize('ADMIN');
    expect(await findCostlyTexts(shop.app, schema, { authorization })).toEqual([]);
  } finally {
    await shop.close();
  }
});
