import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorCatalogue, problemCatalogue, protocolCatalogue } from '@cartograph/errors';
import { statuses } from '../../apps/rest/src/problems/problem-error.ts';

const document = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

/** The cells of every row that begins with a code, section by section. */
const rowsOf = (heading: string): string[][] => {
  const [section = ''] = document.split(`## ${heading}\n`)[1]?.split('\n## ') ?? [];
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim().replaceAll('`', ''))
        .slice(1, -1),
    );
};

const expected = (catalogue: Record<string, string>): string[][] =>
  Object.entries(catalogue).map(([code, sentence]) => [
    code,
    String(statuses[code as keyof typeof statuses]),
    sentence,
  ]);

describe('docs/errors.md', () => {
  it('lists every problem and error with its status and sentence, and no other', () => {
    expect(rowsOf('Problems').map((row) => row.slice(0, 3))).toEqual(expected(problemCatalogue));
    expect(rowsOf('Errors')).toEqual(expected(errorCatalogue));
  });

  it('lists every protocol error', () => {
    expect(rowsOf('Protocol errors')).toEqual(Object.entries(protocolCatalogue));
  });
});
