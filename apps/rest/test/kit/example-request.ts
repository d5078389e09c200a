import { readFileSync } from 'node:fs';
import type { InjectOptions } from 'fastify';

type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly example?: unknown;
  readonly schema: { readonly enum?: readonly unknown[] };
};

type Operation = {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { example: object }>> };
};

const FILE = new URL('../../openapi.json', import.meta.url);

const { paths } = JSON.parse(readFileSync(FILE, 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

/** Of a webhook, one of several signatures is required. */
const isSent = ({ in: part, name, required }: Parameter): boolean =>
  part === 'header' && (required === true || name === 'Simulator-Signature');

/**
 * The request of a route, as the examples of the committed OpenAPI document have it.
 * @param route `POST /v1/orders/{id}/pay`
 */
export const exampleRequest = (route: string): InjectOptions & { readonly url: string } => {
  const [method = '', path = ''] = route.split(' ');
  const operation = paths[path]?.[method.toLowerCase()];
  if (!operation) throw new Error(`the document has no ${route}`);
  const { requestBody } = operation;
  const parameters = (operation.parameters ?? []).filter(
    (one): one is Parameter => !('$ref' in one),
  );
  const valueOf = ({ example, schema }: Parameter): string => String(example ?? schema.enum?.[0]);
  const named = new Map(parameters.map((one) => [one.name, valueOf(one)]));
  const [media] = Object.values(requestBody?.content ?? {});
  return {
    method: method as 'GET',
    url: path.replace(/\{(\w+)\}/g, (_, name: string) => named.get(name) ?? ''),
    headers: Object.fromEntries(
      parameters.filter(isSent).map((one) => [one.name.toLowerCase(), valueOf(one)]),
    ),
    ...(media && { payload: media.example }),
  };
};
