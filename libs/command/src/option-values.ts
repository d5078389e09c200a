import { InvalidArgumentError, Option } from 'commander';

export { InvalidArgumentError, Option };

/**
 * Makes the reader of an option that is a whole number in decimal digits, within bounds that are
 * both included. Anything else (`abc`, `1e3`, an empty text, a sign) is a usage error.
 */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };

/** Makes the reader of an option that has a form; `form` says which, for people. */
export const matching =
  (pattern: RegExp, form: string) =>
  (text: string): string => {
    if (pattern.test(text)) return text;
    throw new InvalidArgumentError(`It must be ${form}.`);
  };
