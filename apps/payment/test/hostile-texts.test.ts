import { expect, it } from '@jest/globals';
import { findCostlyTexts } from '@cartograph/testing';
import { openPayments } from './open-payments.ts';

it('refuses each text that is too long, and reads the most expensive that is not at little cost', async () => {
  const payments = await openPayments();
  try {
    const schema = new URL('../schema.graphql', import.meta.url);
    const { authorization } = payments.admin;
    expect(await findCostlyTexts(payments.app, schema, { authorization })).toEqual([]);
  } finally {
    await payments.close();
  }
});
