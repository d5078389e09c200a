import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';
import { ProblemError, type FieldError } from '../problems/problem-error.ts';

const TYPE_NAMES = new Map([
  ['array', 'an array'],
  ['boolean', 'true or false'],
  ['integer', 'a whole number'],
  ['object', 'an object'],
  ['string', 'a string'],
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
  if (keyword === 'maxItems') return `must have ${params.limit} items or fewer`;
  if (keyword === 'enum') return `must be one of ${params.allowedValues.join(', ')}`;
  return message;
};

/** `if-match` -> `If-Match`. */
const nameHeader = (name: string): string =>
  name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

/** RFC 6901 -> `items.0.qty`. The root has the name of the part; an item of a query the list's. */
const nameField = (pointer: string, part: string): string => {
  if (pointer === '') return part;
  const name = pointer.slice(1).replaceAll('/', '.');
  if (part === 'headers') return nameHeader(name);
  return part === 'querystring' ? (name.split('.', 1)[0] ?? name) : name;
};

/** A body may have thousands of unknown fields, with names of any length. */
const MAX_NAMES = 20;
const MAX_NAME_LENGTH = 100;

const nestedErrors = (pointer: string, names: readonly string[], message: string): FieldError[] => {
  const prefix = pointer === '' ? '' : `${nameField(pointer, '')}.`;
  return names
    .slice(0, MAX_NAMES)
    .map((name) => ({ field: prefix + name.slice(0, MAX_NAME_LENGTH).toWellFormed(), message }));
};

const toFieldErrors = (error: TLocalizedValidationError, part: string): FieldError[] => {
  const { keyword, params, instancePath } = error;
  if (keyword === 'required') {
    return nestedErrors(instancePath, params.requiredProperties, 'is required');
  }
  if (keyword === 'additionalProperties') {
    return nestedErrors(instancePath, params.additionalProperties, 'is not known here');
  }
  return [{ field: nameField(instancePath, part), message: describeFault(error) }];
};

/** A value of a union fails once for each member: the first error of each field is enough. */
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

/** Query parameters are text: numbers, booleans and lists are converted. */
const fromQuery = (schema: TSchema, query: object): unknown => {
  const properties = 'properties' in schema ? (schema.properties as Record<string, TSchema>) : {};
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, fromText(properties[name], value)]),
  );
};

/**
 * Makes the validator of one part of a request. Values in bodies are not converted: `"1"` is not a
 * number. All faults are returned together, as VALIDATION_FAILED.
 */
export const makeValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = 'body' }) => {
  const validator = Compile(schema);
  return (given: unknown) => {
    const value = httpPart === 'querystring' ? fromQuery(schema, given ?? {}) : given;
    if (validator.Check(value)) return { value };
    const errors = validator.Errors(value).flatMap((error) => toFieldErrors(error, httpPart));
    return { error: new ProblemError('VALIDATION_FAILED', { errors: firstOfEach(errors) }) };
  };
};
