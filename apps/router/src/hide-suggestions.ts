import type { GraphQLFormattedError } from 'graphql';

type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

const SUGGESTION = 'Did you mean ';

/**
 * Removes the suggestions of graphql-js (`Did you mean "email"?`) from errors, where introspection is
 * off. Apollo Server's option for this does not change errors of variables, and its regular expression
 * takes quadratic time for a message that repeats the words.
 */
export const hideSuggestions =
  (format: FormatError): FormatError =>
  ({ message, ...rest }, error) => {
    const start = message.endsWith('?') ? message.lastIndexOf(SUGGESTION) : -1;
    // Before it is formatted: a long message is cut then, and does not end as it did.
    const shown = start < 0 ? message : message.slice(0, start).trimEnd();
    return format({ message: shown, ...rest }, error);
  };
