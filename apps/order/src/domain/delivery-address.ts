import { text } from '@cartograph/validation';
import { z } from 'zod';

/** Two letters of ISO 3166-1. */
const COUNTRY = /^[A-Z]{2}$/;

const optional = (max: number) =>
  text(1, max)
    .nullish()
    .transform((value) => value ?? null);

/** Where an order is delivered to, as it was when the order was made. It is personal data. */
export const deliveryAddress = z.object({
  name: text(1, 100),
  line1: text(1, 200),
  line2: optional(200),
  postalCode: optional(20),
  city: text(1, 100),
  region: optional(100),
  country: text(2, 2).regex(COUNTRY, 'must be two letters, such as DE'),
});

export type DeliveryAddress = z.output<typeof deliveryAddress>;
