import fc from 'fast-check';
import type { Parameter, Route } from './contract.ts';
import { listFaults, listParameterFaults } from './list-faults.ts';
import { anyValue, type KnownValues } from './make-value.ts';

/** Whose token a request has: `leaver` is who signs out, `forged` is no token of the shop. */
export type Sender = 'guest' | 'forged' | 'shopper' | 'leaver' | 'admin';

/** A request, made from a seed. */
export type Attempt = {
  readonly route: Route;
  /** Which rule it breaks; null when the document allows it. */
  readonly fault: string | null;
  readonly sender: Sender;
  /** The path, with its query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes of the body. */
  readonly body: string | undefined;
  /** The text for which the request gets the signature of the simulator, when it is sent; null for none. */
  readonly signed: string | null;
};

/** The parts of a request before they are put together. */
type Parts = {
  readonly sender: Sender;
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly header: Readonly<Record<string, unknown>>;
  readonly body: unknown;
};

/** More than the largest body that the API reads. */
const TOO_LARGE = `"${'x'.repeat(600_000)}"`;

/** These routes end sessions or change an account: an administrator has other tests to serve. */
const OF_ACCOUNT = /^\/v1\/(?:auth|me)\b/;

const PRINTABLE = fc.string({
  unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 30,
});

const valueOf = (
  { name, in: part, schema }: Parameter,
  known: KnownValues,
): fc.Arbitrary<unknown> =>
  known[name] ??
  (part === 'header' && schema.pattern === undefined ? PRINTABLE : anyValue(schema, known));

const recordOf = (route: Route, part: Parameter['in'], known: KnownValues) => {
  const parameters = route.parameters.filter((one) => one.in === part);
  return fc.record(Object.fromEntries(parameters.map((one) => [one.name, valueOf(one, known)])), {
    requiredKeys: parameters.filter((one) => one.required).map(({ name }) => name),
  });
};

/** A few of many parameters: with all of them, hardly any list would be valid. */
const anyQuery = (route: Route, known: KnownValues): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .tuple(recordOf(route, 'query', known), fc.array(fc.nat(20), { maxLength: 3 }))
    .map(([query, picks]) => {
      const entries = Object.entries(query);
      return Object.fromEntries(picks.flatMap((pick) => entries.slice(pick, pick + 1)));
    });

const anyBody = ({ body }: Route, known: KnownValues): fc.Arbitrary<unknown> => {
  if (!body) return fc.constant(undefined);
  const value = anyValue(body.schema, known);
  return body.isRequired ? value : fc.option(value, { nil: undefined, freq: 3 });
};

const validParts = (route: Route, known: KnownValues, senders: fc.Arbitrary<Sender>) =>
  fc.record<Parts>({
    sender: senders,
    path: recordOf(route, 'path', known),
    query: anyQuery(route, known),
    header: recordOf(route, 'header', known),
    body: anyBody(route, known),
  });

const toUrl = ({ path }: Route, parts: Parts): string => {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(parts.path[name])),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts.query)) query.set(name, String(value));
  return query.size === 0 ? address : `${address}?${query.toString()}`;
};

const toAttempt = (route: Route, fault: string | null, parts: Parts): Attempt => {
  const headers = Object.entries(parts.header).map(([name, value]) => [name, String(value)]);
  const hasBody = parts.body !== undefined;
  return {
    route,
    fault,
    sender: parts.sender,
    url: toUrl(route, parts),
    headers: {
      ...Object.fromEntries(headers),
      ...(hasBody && { 'Content-Type': 'application/json' }),
    },
    body: hasBody ? JSON.stringify(parts.body) : undefined,
    signed: null,
  };
};

type Breaking = { readonly what: string; readonly attempt: fc.Arbitrary<Attempt> };

const breakParameter =
  (route: Route, valid: fc.Arbitrary<Parts>) =>
  (one: Parameter): Breaking[] => {
    const { name, in: part, required, schema, isOfEvery } = one;
    if (isOfEvery) return [];
    const faults = listParameterFaults(schema).map(({ what, value }) => {
      const full = `${part} ${name}: ${what}`;
      const attempt = fc
        .tuple(valid, value)
        // An empty segment would be another path.
        .filter(([, wrong]) => part !== 'path' || wrong !== '')
        .map(([parts, wrong]) =>
          toAttempt(route, full, { ...parts, [part]: { ...parts[part], [name]: wrong } }),
        );
      return { what: full, attempt };
    });
    if (part !== 'header' || !required) return faults;
    const full = `header ${name} is missing`;
    const attempt = valid.map((parts) => {
      const { [name]: _left, ...header } = parts.header;
      return toAttempt(route, full, { ...parts, header });
    });
    return [...faults, { what: full, attempt }];
  };

const breakBody = (route: Route, valid: fc.Arbitrary<Parts>, known: KnownValues): Breaking[] => {
  if (!route.body) return [];
  const { schema, isRequired } = route.body;
  const wrong = listFaults(schema, known).map(({ what, value }) => ({
    what: `body: ${what}`,
    attempt: fc
      .tuple(valid, value)
      .map(([parts, body]) => toAttempt(route, `body: ${what}`, { ...parts, body })),
  }));
  const raw = (what: string, body: string | undefined, type = 'application/json'): Breaking => ({
    what,
    attempt: valid.map((parts) => {
      const attempt = toAttempt(route, what, parts);
      const headers = { ...attempt.headers, 'Content-Type': type };
      return { ...attempt, headers, body };
    }),
  });
  return [
    ...wrong,
    raw('body: no JSON', '{"'),
    raw('body: too large', TOO_LARGE),
    raw('body: of another media type', '<a/>', 'text/xml'),
    ...(isRequired ? [raw('body: missing', undefined)] : []),
  ];
};

/** Requests of every kind of sender, mostly of those who may. */
const anySender = ({ path }: Route): fc.Arbitrary<Sender> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(OF_ACCOUNT.test(path) ? 'leaver' : 'admin') },
    { weight: 4, arbitrary: fc.constant(OF_ACCOUNT.test(path) ? 'leaver' : 'shopper') },
    { weight: 1, arbitrary: fc.constantFrom('guest', 'forged') },
  );

/**
 * Makes webhooks of the simulator with an event that it could send: the shop must accept them.
 * @returns null for any other route
 */
const anySignedAttempt = (
  route: Route,
  known: KnownValues,
  parts: fc.Arbitrary<Parts>,
): fc.Arbitrary<Attempt> | null => {
  const { webhookEvent } = known;
  if (!webhookEvent) return null;
  return fc.tuple(parts, webhookEvent).map(([{ path, ...others }, body]) => {
    const attempt = toAttempt(route, null, {
      ...others,
      path: { ...path, provider: 'simulator' },
      body,
    });
    return { ...attempt, signed: attempt.body ?? null };
  });
};

/** Makes requests that the document allows. */
export const anyValidAttempt = (route: Route, known: KnownValues): fc.Arbitrary<Attempt> => {
  const parts = validParts(route, known, anySender(route));
  const any = parts.map((one) => toAttempt(route, null, one));
  const signed = anySignedAttempt(route, known, parts);
  return signed ? fc.oneof({ weight: 3, arbitrary: signed }, { weight: 1, arbitrary: any }) : any;
};

/**
 * Makes requests that break one rule of the document, of a sender who may do all else.
 * @returns null when there is nothing to break
 */
export const anyBrokenAttempt = (
  route: Route,
  known: KnownValues,
): fc.Arbitrary<Attempt> | null => {
  const sender = fc.constantFrom<Sender>(
    ...(OF_ACCOUNT.test(route.path) ? ['leaver' as const] : ['shopper' as const, 'admin' as const]),
  );
  const valid = validParts(route, known, sender);
  const breakings = [
    ...route.parameters.flatMap(breakParameter(route, valid)),
    ...breakBody(route, valid, known),
  ].map(({ attempt }) => attempt);
  const changed = anySignedAttempt(route, known, valid)?.map((attempt) => ({
    ...attempt,
    fault: 'body: changed after it was signed',
    body: `${attempt.body} `,
  }));
  const all = changed ? [...breakings, changed] : breakings;
  return all.length === 0 ? null : fc.oneof(...all);
};
