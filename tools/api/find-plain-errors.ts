import { makeResolve } from './schema.ts';

type Response = { readonly content?: Readonly<Record<string, unknown>>; readonly $ref?: string };

type Document = {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Record<string, Response> }>>>
  >;
};

const PROBLEM = 'application/problem+json';

/** Finds every response of 4xx and 5xx that is not a problem of RFC 9457: one sentence each. */
export const findPlainErrors = (document: Document): readonly string[] => {
  const resolve = makeResolve(document);
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { responses }]) =>
      Object.entries(responses)
        .filter(([status]) => /^[45]/.test(status))
        .filter(([, response]) => {
          const types = Object.keys(resolve(response).content ?? {});
          return types.length !== 1 || types[0] !== PROBLEM;
        })
        .map(([status]) => `${method.toUpperCase()} ${path}: ${status} is not ${PROBLEM}`),
    ),
  );
};
