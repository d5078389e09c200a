import { createHash } from 'node:crypto';
import { Kind, parse, visit, type DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { LaneName } from './admission-config.ts';

/** Fields that hash a password, or rotate a token: each costs as much as many pages. */
const SIGN_IN = ['changePassword', 'login', 'refreshSession', 'register'];

/** Fields that complete an order, or end it: they are admitted before browsing. */
const PAYMENT = ['cancelOrder', 'payOrder', 'recordPaymentEvent'];

const SIGN_IN_FIELDS: ReadonlySet<string> = new Set(SIGN_IN);
const PAYMENT_FIELDS: ReadonlySet<string> = new Set(PAYMENT);

/** A GraphQL name has no escapes: a text without any of these names is `general`, and not parsed. */
const SPECIAL = new RegExp([...SIGN_IN, ...PAYMENT].join('|'));

/** Texts, and hashes of persisted queries, whose lanes are remembered: so many, and so long. */
const MAX_KNOWN = 1_000;
const MAX_KNOWN_LENGTH = 4_096;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const hasField = (document: DocumentNode, names: ReadonlySet<string>): boolean => {
  let found = false;
  visit(document, {
    Field: (node) => {
      found ||= names.has(node.name.value);
    },
  });
  return found;
};

/** True when the document can do nothing but payments: else it could be used to overtake others. */
const isPayment = ({ definitions }: DocumentNode): boolean =>
  definitions.every(
    (definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ||
      (definition.kind === Kind.OPERATION_DEFINITION &&
        definition.selectionSet.selections.every(
          (selection) => selection.kind === Kind.FIELD && PAYMENT_FIELDS.has(selection.name.value),
        )),
  );

/**
 * The lane of a document. Anything that signs in is `signIn`, wherever the field is; only what does
 * nothing but payments is `payment`. A text that is not GraphQL is refused later.
 */
const laneOfText = (text: string, maxTokens: number): LaneName => {
  let document: DocumentNode;
  try {
    document = parse(text, { maxTokens, noLocation: true });
  } catch {
    return 'general';
  }
  if (hasField(document, SIGN_IN_FIELDS)) return 'signIn';
  return isPayment(document) ? 'payment' : 'general';
};

type Parameters = {
  readonly query?: unknown;
  readonly extensions?: { readonly persistedQuery?: { readonly sha256Hash?: unknown } } | null;
} | null;

/**
 * Makes the choice of a request's lane, by the fields of its document. A persisted query is in the lane
 * of its text, which is known from the request that registered it.
 * @param maxTokens of a document that is parsed for this
 */
export const makeLaneChoice = (maxTokens: number): ((parameters: unknown) => LaneName) => {
  const known = new LRUCache<string, LaneName>({ max: MAX_KNOWN });

  return (parameters) => {
    const { query, extensions } = (parameters ?? {}) as NonNullable<Parameters>;
    const hash = extensions?.persistedQuery?.sha256Hash;
    if (typeof query !== 'string' || query === '') {
      return (typeof hash === 'string' && known.get(hash)) || 'general';
    }
    if (!SPECIAL.test(query)) return 'general';
    const lane = known.get(query) ?? laneOfText(query, maxTokens);
    if (query.length <= MAX_KNOWN_LENGTH) known.set(query, lane);
    // A hash of another text would move that text to this lane.
    if (hash === hashOf(query)) known.set(hash, lane);
    return lane;
  };
};
