/** Numbers start here, so that they do not show how many orders there are. */
const FIRST_NUMBER = 100_000;

/** The largest value of the column. */
const MAX_NUMBER = 2_147_483_647;

/** The longest number that an order may have, in characters, and more. */
export const MAX_NUMBER_LENGTH = 20;

/** The number of an order as people see it: 42 is `C-100042`. */
export const formatOrderNumber = (number: number): string => `C-${FIRST_NUMBER + number}`;

/** The number that this text stands for; null when no order can have it. */
export const parseOrderNumber = (text: string): number | null => {
  const [, digits] = /^C-([1-9]\d{5,9})$/.exec(text) ?? [];
  const number = Number(digits) - FIRST_NUMBER;
  return number >= 1 && number <= MAX_NUMBER ? number : null;
};
