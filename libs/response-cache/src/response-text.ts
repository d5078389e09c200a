/** Joins what is beside the body of a response, as JSON in the first line, and the body. */
export const joinParts = (head: object, body: string): string => `${JSON.stringify(head)}\n${body}`;

/** @returns null for a text that `joinParts` did not make */
export const splitParts = (
  text: string,
): { readonly head: unknown; readonly body: string } | null => {
  const end = text.indexOf('\n');
  try {
    return end < 0 ? null : { head: JSON.parse(text.slice(0, end)), body: text.slice(end + 1) };
  } catch {
    return null;
  }
};
