import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';
import { Refusal, type FieldError } from '../problems/refusal.ts';

const TYPE_NAMES = new Map([
  ['array', 'a list'],
  ['boolean', 'true or false'],
  ['integer', 'a whole number'],
  ['object', 'an object'],
  ['string', 'a text'],
]);

const nameType = (type: string | string[]): string =>
  [type]
    .flat()
    .map((name) => TYPE_NAMES.get(name) ?? name)
    .join(' or ');

const describeFault = ({ keyword, params, message }: TLocalizedValidationError): string => {
  if (keyword === 'type') return `must be ${nameType(params.type)}`;
  if (keyword === 'minimum') return `must be ${params.limit} or more`;
  if (keyword === 'maximum') return `must be ${params.limit} or less`;
  if (keyword === 'maxLength') return `must have ${params.limit} characters or fewer`;
  if (keyword === 'maxItems') return `must have ${params.limit} or fewer`;
  if (keyword === 'enum') return `must be one of ${params.allowedValues.join(', ')}`;
  return message;
};

/** `if-match` -> `If-Match`. */
const nameHeader = (name: string): string =>
  name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

/** RFC 6901 -> `items.0.qty`; the whole is called by what it is, a list in a query by its name. */
const nameField = (pointer: string, part: string): string => {
  if (pointer === '') return part;
  const name = pointer.slice(1).replaceAll('/', '.');
  if (part === 'headers') return nameHeader(name);
  return part === 'querystring' ? (name.split('.', 1)[0] ?? name) : name;
};

/** A body may hold thousands of names that are not known, and each may be as long as the body. */
const MAX_NAMES = 20;
const MAX_NAME_LENGTH = 100;

const inside = (pointer: string, names: readonly string[], message: string): FieldError[] => {
  const prefix = pointer === '' ? '' : `${nameField(pointer, '')}.`;
  return names
    .slice(0, MAX_NAMES)
    .map((name) => ({ field: prefix + name.slice(0, MAX_NAME_LENGTH).toWellFormed(), message }));
};

const toFieldErrors = (error: TLocalizedValidationError, part: string): FieldError[] => {
  const { keyword, params, instancePath } = error;
  if (keyword === 'required') {
    return inside(instancePath, params.requiredProperties, 'is required');
  }
  if (keyword === 'additionalProperties') {
    return inside(instancePath, params.additionalProperties, 'is not known here');
  }
  return [{ field: nameField(instancePath, part), message: describeFault(error) }];
};

/** A value that could be one of several things fails as each of them: one line a field is enough. */
const firstOfEach = (errors: readonly FieldError[]): readonly FieldError[] =>
  [...new Map(errors.toReversed().map((error) => [error.field, error])).values()].toReversed();

const fromText = (schema: TSchema | undefined, value: unknown): unknown => {
  const type = schema && 'type' in schema ? schema.type : undefined;
  if (type === 'array') {
    return [...new Set([value].flat().flatMap((text) => String(text).split(',')))];
  }
  if (typeof value !== 'string') return value;
  if (type === 'integer' && /^-?\d+$/.test(value)) return Number(value);
  if (type === 'boolean' && /^(?:true|false)$/.test(value)) return value === 'true';
  return value;
};

/** Query parameters are text: those that say a number, a truth or a list become one. */
const fromQuery = (schema: TSchema, query: object): unknown => {
  const properties = 'properties' in schema ? (schema.properties as Record<string, TSchema>) : {};
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, fromText(properties[name], value)]),
  );
};

/**
 * Makes the check of one part of a request. Bodies are taken as they are: `"1"` is no number.
 * Every fault at once becomes VALIDATION_FAILED.
 */
export const makeValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = 'body' }) => {
  const validator = Compile(schema);
  return (given: unknown) => {
    const value = httpPart === 'querystring' ? fromQuery(schema, given ?? {}) : given;
    if (validator.Check(value)) return { value };
    const errors = validator.Errors(value).flatMap((error) => toFieldErrors(error, httpPart));
    return { error: new Refusal('VALIDATION_FAILED', { errors: firstOfEach(errors) }) };
  };
};
