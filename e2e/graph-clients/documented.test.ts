import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readDocuments } from '../testkit/documents.ts';

const PAGE = 'docs/client-libraries.md';

/** What the page shows as it is tested. */
const FILES = [
  'session.ts',
  'apollo/type-policies.ts',
  'apollo/make-apollo-client.ts',
  'urql/cache-settings.ts',
  'urql/read-introspection.ts',
  'urql/make-urql-client.ts',
  'relay/relay.config.json',
];

const blocks = readDocuments().find(({ name }) => name === PAGE)?.blocks ?? [];

it.each(FILES)(`${PAGE} shows %s`, (name) => {
  const text = readFileSync(path.join(import.meta.dirname, name), 'utf8');
  expect(blocks.map((block) => block.text)).toContain(text);
});
