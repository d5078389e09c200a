import { makeGraphqlErrorFormatter } from '@cartograph/errors';
import { GraphQLError } from 'graphql';
import { expect, it } from 'vitest';
import { hideSuggestions } from './hide-suggestions.ts';

const format = hideSuggestions(makeGraphqlErrorFormatter(() => {}));

const messageOf = (message: string): string => {
  const extensions = { code: 'GRAPHQL_VALIDATION_FAILED' };
  return format({ message, extensions }, new GraphQLError(message, { extensions })).message;
};

it.each([
  ['Cannot query field "mail". Did you mean "email"?', 'Cannot query field "mail".'],
  [
    'Cannot query field "Did you mean ". Did you mean "email"?',
    'Cannot query field "Did you mean ".',
  ],
  ['Did you mean it', 'Did you mean it'],
])('says of %j only what is wrong', (message, shown) => {
  expect(messageOf(message)).toBe(shown);
});

it.each([400, 450, 480, 497, 1_000])(
  'hides the suggestion of a message of %i characters, which may be too long with it',
  (length) => {
    const wrong = 'x'.repeat(length);
    const shown = messageOf(`${wrong} Did you mean "price", "priceCents", "discount" or "stock"?`);
    expect(shown).toBe(length > 500 ? `${wrong.slice(0, 499)}\u2026` : wrong);
  },
);
