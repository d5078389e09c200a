import { Type, type Static } from 'typebox';
import type { OrderFieldsFragment } from '../generated/operations.ts';
import { nullable } from '../input/fields.ts';

export const deliveryAddressSchema = Type.Object(
  {
    name: Type.String({ description: 'Who receives it.' }),
    line1: Type.String({ description: 'Street and number, or a post office box.' }),
    line2: nullable(Type.String({ description: 'Apartment or floor.' })),
    postal_code: nullable(Type.String({ description: 'Null where there are none.' })),
    city: Type.String({ description: 'City or town.' }),
    region: nullable(Type.String({ description: 'State, province or county.' })),
    country: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1: DE.' }),
  },
  {
    description:
      'Where it is delivered to, as it was when the order was made. Null when no address was given.',
  },
);

type DeliveryAddress = NonNullable<OrderFieldsFragment['deliveryAddress']>;

/** The REST form of an address. */
export const viewDeliveryAddress = (
  address: DeliveryAddress,
): Static<typeof deliveryAddressSchema> => ({
  name: address.name,
  line1: address.line1,
  line2: address.line2,
  postal_code: address.postalCode,
  city: address.city,
  region: address.region,
  country: address.country,
});
