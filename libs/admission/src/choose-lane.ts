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

/** Texts whose lanes are remembered: so many, and so long. */
const MAX_KNOWN = 1_000;
const MAX_KNOWN_LENGTH = 4_096;

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

/**
 * Makes the choice of a request's lane, by the fields of the document that is executed for it.
 * @param maxTokens of a document that is parsed for this
 */
export const makeLaneChoice = (maxTokens: number): ((text: string | undefined) => LaneName) => {
  const known = new LRUCache<string, LaneName>({ max: MAX_KNOWN });

  return (text) => {
    if (text === undefined || !SPECIAL.test(text)) return 'general';
    const lane = known.get(text) ?? laneOfText(text, maxTokens);
    if (text.length <= MAX_KNOWN_LENGTH) known.set(text, lane);
    return lane;
  };
};
