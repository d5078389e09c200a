import { MAX_AMOUNT } from '@cartograph/money';
import { Type, type TInteger, type TString } from 'typebox';

const describe = (description: string | undefined) => (description ? { description } : {});

/** An id of the graph. */
export const uuid = (description?: string): TString =>
  Type.String({ format: 'uuid', ...describe(description) });

/** A time as RFC 3339 writes it, in UTC. */
export const time = (description?: string): TString =>
  Type.String({ format: 'date-time', ...describe(description) });

/** An amount in the smallest unit of its currency. */
export const cents = (description = 'In the smallest unit of the currency.'): TInteger =>
  Type.Integer({ minimum: 0, maximum: MAX_AMOUNT, description });

/** The currency of an amount. */
export const currencyCode = (): TString =>
  Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217: EUR.' });

/** A number of units, or of items: never negative. */
export const count = (description?: string): TInteger =>
  Type.Integer({ minimum: 0, maximum: 2_147_483_647, ...describe(description) });
