import { expect, it } from 'vitest';
import { findCostlyTexts } from '@cartograph/testing';
import { openProduct } from './open-product.ts';

it('refuses each text that is too long, and reads the longest allowed ones at little cost', async () => {
  const catalogue = await openProduct();
  try {
    const schema = new URL('../schema.graphql', import.meta.url);
    const { app, admin: authorization } = catalogue;
    expect(await findCostlyTexts(app, schema, { authorization })).toEqual([]);
  } finally {
    await catalogue.close();
  }
});
