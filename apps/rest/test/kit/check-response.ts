import { Compile, type Validator } from 'typebox/schema';

type Response = {
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
};

type Operation = {
  readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>;
};

type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Response>> };
};

/** A response as a test receives it. */
export type Received = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
};

/** Every fault of a response that contradicts the document. */
export type ResponseCheck = (method: string, url: string, response: Received) => readonly string[];

/** Headers that a response of the status may have: others it always has. */
const OPTIONAL = new Set([
  'Accept',
  'Accept-Encoding',
  'Accept-Patch',
  'Age',
  'Content-Encoding',
  'Link',
  'RateLimit-Policy',
  'Retry-After',
]);

const nameOf = (reference: string): string => reference.split('/').at(-1) ?? '';

/** `/v1/products/by-sku/MUG-1` matches two paths: the one with fewer parameters is meant. */
const findOperation = ({ paths }: Document, method: string, url: string): Operation | undefined => {
  const [address = ''] = url.split('?', 1);
  const [path] = Object.keys(paths)
    .filter((one) => new RegExp(`^${one.replace(/\{\w+\}/g, '[^/]+')}$`).test(address))
    .sort((a, b) => a.split('{').length - b.split('{').length);
  return path === undefined ? undefined : paths[path]?.[method.toLowerCase()];
};

/**
 * Makes the check of responses against an OpenAPI document.
 * @param readDocument called for the first response
 */
export const makeResponseCheck = (readDocument: () => object): ResponseCheck => {
  const validators = new WeakMap<object, Validator>();
  let document: Document | null = null;

  const findBodyFaults = (schema: object, body: unknown, components: object): string[] => {
    const validator = validators.get(schema) ?? Compile({ components, ...schema });
    validators.set(schema, validator);
    if (validator.Check(body)) return [];
    const [, errors] = validator.Errors(body);
    return errors.map(({ instancePath, message }) => `${instancePath || 'the body'}: ${message}`);
  };

  return (method, url, { status, headers, body }) => {
    document ??= readDocument() as Document;
    const operation = findOperation(document, method, url);
    if (!operation) return [];
    const given = operation.responses[status];
    const response =
      given && '$ref' in given ? document.components.responses[nameOf(given.$ref)] : given;
    if (!response) return [`${status} is not documented`];
    const missing = Object.keys(response.headers ?? {})
      .filter((name) => !OPTIONAL.has(name) && headers[name.toLowerCase()] === undefined)
      .map((name) => `no ${name}`);
    const { 'content-type': contentType } = headers;
    const type = typeof contentType === 'string' ? (contentType.split(';', 1)[0] ?? '') : '';
    const media = response.content?.[type];
    if (!media) return response.content ? [...missing, `${type} is not documented`] : missing;
    return [...missing, ...findBodyFaults(media.schema, body, document.components)];
  };
};
