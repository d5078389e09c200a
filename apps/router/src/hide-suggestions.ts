import type { GraphQLFormattedError } from 'graphql';

type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

const SUGGESTION = 'Did you mean ';

/**
 * Cuts what graphql-js adds to errors of queries and of variables (`Did you mean "email"?`), for
 * where the schema is not shown. Apollo Server's option for this leaves errors of variables alone,
 * and its pattern takes time with the square of a message that repeats the words.
 */
export const hideSuggestions =
  (format: FormatError): FormatError =>
  (formatted, error) => {
    const { message, ...rest } = format(formatted, error);
    const start = message.endsWith('?') ? message.lastIndexOf(SUGGESTION) : -1;
    return { message: start < 0 ? message : message.slice(0, start).trimEnd(), ...rest };
  };
