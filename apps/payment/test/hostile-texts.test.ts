import { expect, it } from 'vitest';
import { findCostlyTexts } from '@cartograph/testing';
import { openPayment } from './open-payment.ts';

it('refuses texts that are too long, and validates the most expensive other ones quickly', async () => {
  const payments = await openPayment();
  try {
    const schema = new URL('../schema.graphql', import.meta.url);
    const { authorization } = payments.admin;
    expect(await findCostlyTexts(payments.app, schema, { authorization })).toEqual([]);
  } finally {
    await payments.close();
  }
});
