/** What no JSON text holds (RFC 8259, section 7), and what grows sixfold inside another one. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

/**
 * Reads the bytes of a body as the text that they are, nothing added or taken away: written as
 * UTF-8 again they are the same bytes.
 * @returns null for what is no such text
 */
export const readRawText = (body: unknown): string | null => {
  if (!Buffer.isBuffer(body) || body.length === 0) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    return CONTROL.test(text) ? null : text;
  } catch {
    return null;
  }
};
