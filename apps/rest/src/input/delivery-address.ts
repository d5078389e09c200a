import { Type, type Static } from 'typebox';
import type { DeliveryAddressInput } from '../generated/operations.ts';
import { nullable, textOf } from './fields.ts';

const required = (max: number, description: string) => textOf(max, { description, minLength: 1 });

/** Null is allowed where the address of an order has it: what was read can be sent again. */
const optional = (max: number, description: string) =>
  Type.Optional(nullable(required(max, description)));

/** The address in examples. */
export const deliveryAddressExample = {
  name: 'Ann',
  line1: 'Hauptstraße 1',
  line2: null,
  postal_code: '10115',
  city: 'Berlin',
  region: null,
  country: 'DE',
};

/** Where to deliver an order. */
export const newDeliveryAddress = Type.Object(
  {
    name: required(100, 'Who receives it: 1 to 100 characters.'),
    line1: required(200, 'Street and number: 1 to 200 characters.'),
    line2: optional(200, 'Apartment or floor: 1 to 200 characters.'),
    postal_code: optional(20, '1 to 20 characters.'),
    city: required(100, 'City or town: 1 to 100 characters.'),
    region: optional(100, 'State, province or county: 1 to 100 characters.'),
    country: textOf(2, {
      description: 'ISO 3166-1: two letters in upper case.',
      minLength: 2,
      pattern: '^[A-Z]{2}$',
      examples: ['DE'],
    }),
  },
  {
    additionalProperties: false,
    description: 'Where to deliver it. It is stored with the order and does not change.',
  },
);

/** The address as the graph takes it. */
export const toDeliveryAddress = ({
  postal_code: postalCode,
  ...address
}: Static<typeof newDeliveryAddress>): DeliveryAddressInput => ({ ...address, postalCode });
