/** The rules of Spectral that are not ours to follow, each with the reason. All others hold. */
export const RULES_OFF: Readonly<Record<string, string>> = {
  'contact-properties': 'The shop of an example has no address to write to.',
  'license-url': 'OpenAPI 3.1 has `identifier`, an SPDX expression, in place of `url`.',
  'openapi-tags-alphabetical': 'Tags are in the order in which a reader needs them.',
  'operation-description': 'A summary says what an operation does, unless there is more to say.',
};
