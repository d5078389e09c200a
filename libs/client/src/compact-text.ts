/**
 * An operation in as few characters as possible. Only for the operations of this library: they have no
 * strings and no comments, in which spaces have a meaning.
 */
export const compactText = (text: string): string => text.replace(/\s+/g, ' ').trim();
