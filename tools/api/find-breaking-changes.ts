import { compareParameters, type Parameter } from './compare-parameters.ts';
import { compareSchemas, type Pair, type Use } from './compare-schemas.ts';
import { makeResolve, type Schema } from './schema.ts';

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
type Body = { readonly required?: boolean; readonly content: Content };
type Response = { readonly headers?: Readonly<Record<string, object>>; readonly content?: Content };
type Operation = {
  readonly operationId?: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Response>>;
};

/** The part of an OpenAPI document that clients rely on. */
export type Contract = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

const PROBLEM = 'application/problem+json';

const compareContent = (pair: Pair<Content>, use: Use): readonly string[] =>
  Object.entries(pair.before).flatMap(([type, { schema: before }]) => {
    const media = pair.after[type];
    if (!media) return [`${type} is no longer ${use === 'request' ? 'accepted' : 'sent'}`];
    if (!before || !media.schema) return [];
    const isProblem = use === 'response' && type === PROBLEM;
    return compareSchemas({ ...pair, before, after: media.schema }, isProblem ? 'problem' : use);
  });

const compareBodies = (pair: Pair<Operation>): readonly string[] => {
  const before = pair.before.requestBody;
  const after = pair.after.requestBody;
  if (!after) return before ? ['body: is no longer known'] : [];
  const isRequired = after.required === true && before?.required !== true;
  const faults = before
    ? compareContent({ ...pair, before: before.content, after: after.content }, 'request')
    : [];
  return [...(isRequired ? ['is required now'] : []), ...faults].map((fault) => `body: ${fault}`);
};

const compareResponses = (pair: Pair<Operation>): readonly string[] =>
  Object.entries(pair.before.responses).flatMap(([status, given]) => {
    const next = pair.after.responses[status];
    if (!next) return [`response ${status}: is no longer there`];
    const [before, after] = [pair.resolveBefore(given), pair.resolveAfter(next)];
    const headers = Object.keys(before.headers ?? {}).filter((name) => !after.headers?.[name]);
    return [
      ...headers.map((name) => `header ${name} is no longer there`),
      ...compareContent(
        { ...pair, before: before.content ?? {}, after: after.content ?? {} },
        'response',
      ),
    ].map((fault) => `response ${status}: ${fault}`);
  });

/** Whether it works without a sign-in: nothing is required, or nothing is one of the choices. */
const isOpen = ({ security = [] }: Operation): boolean =>
  security.length === 0 || security.some((schemes) => Object.keys(schemes).length === 0);

const compareOperations = (pair: Pair<Operation>): readonly string[] => {
  const { before, after } = pair;
  const isRenamed = before.operationId !== after.operationId;
  const isClosed = isOpen(before) && !isOpen(after);
  return [
    ...(isRenamed ? [`operationId was ${before.operationId}, is ${after.operationId}`] : []),
    ...(isClosed ? ['requires a sign-in now'] : []),
    ...compareParameters({
      ...pair,
      before: before.parameters ?? [],
      after: after.parameters ?? [],
    }),
    ...compareBodies(pair),
    ...compareResponses(pair),
  ];
};

/**
 * Finds what breaks a client that was made from the document before: one sentence each, which begins
 * with the operation.
 */
export const findBreakingChanges = (before: Contract, after: Contract): readonly string[] => {
  const resolvers = { resolveBefore: makeResolve(before), resolveAfter: makeResolve(after) };
  return Object.entries(before.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}`;
      const next = after.paths[path]?.[method];
      if (!next) return [`${name}: is no longer there`];
      const faults = compareOperations({ before: operation, after: next, ...resolvers });
      return faults.map((fault) => `${name}: ${fault}`);
    }),
  );
};
