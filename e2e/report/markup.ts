/** Text of HTML or XML, in which everything that was inserted is escaped. */
export type Markup = { readonly markup: string };

type Inserted = string | number | Markup | readonly Markup[] | null;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that XML 1.0 (section 2.2) does not allow; lone surrogates are among them. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const escape = (text: string): string =>
  text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

const isList = (value: Inserted): value is readonly Markup[] => Array.isArray(value);

const toText = (value: Inserted): string => {
  if (value === null) return '';
  if (isList(value)) return value.map(({ markup: text }) => text).join('');
  return typeof value === 'object' ? value.markup : escape(String(value));
};

/**
 * Makes HTML or XML from a template: texts that are inserted are escaped, for elements and for
 * attributes in quotes. Other markup, and lists of it, are inserted as they are, null as nothing.
 */
export const markup = (parts: TemplateStringsArray, ...values: readonly Inserted[]): Markup => ({
  markup: String.raw({ raw: parts }, ...values.map(toText)),
});
