import { z } from 'zod';

/** The parts of a field's JSON schema that a table shows. */
type FieldSchema = {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
};

const readSchema = (field: z.ZodType): FieldSchema =>
  // A field that transforms its text is described by that text.
  z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' }) as FieldSchema;

const ADDRESSES: Readonly<Record<string, string>> = {
  'https://shop.example/': 'address, http or https',
  'postgres://role:word@database.example/shop': 'address, postgres',
};

const describeNumber = ({ type, minimum, maximum }: FieldSchema): string => {
  const what = type === 'integer' ? 'whole number' : 'number';
  if (maximum === undefined || maximum === Number.MAX_SAFE_INTEGER) {
    return `${what}, ${minimum} or more`;
  }
  return `${what}, ${minimum} to ${maximum}`;
};

/** Says which values a variable may have: `whole number, 0 to 65535`. */
export const describeValues = (field: z.ZodType): string => {
  const schema = readSchema(field);
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.type === 'integer' || schema.type === 'number') return describeNumber(schema);
  if (schema.format === 'uri') {
    const known = Object.keys(ADDRESSES).filter((address) => field.safeParse(address).success);
    return known.map((address) => ADDRESSES[address]).join(', ') || 'address';
  }
  return schema.minLength === undefined ? 'text' : `text, ${schema.minLength} characters or more`;
};

/** The value of a variable that is not set, as a text, or undefined when it then has none. */
export const readDefault = (field: z.ZodType): string | undefined => {
  const { data } = field.safeParse(undefined);
  return typeof data === 'string' || typeof data === 'number' ? String(data) : undefined;
};
