import { describe, expect, it } from 'vitest';
import type { JudgedChange } from '../operations/judge-operations.ts';
import { makeReport, type Findings } from './make-report.ts';
import { printReport } from './print-report.ts';
import { readAccepted } from './read-accepted.ts';
import { renderMarkdown } from './render-markdown.ts';

const change = (more: Partial<JudgedChange> = {}): JudgedChange => ({
  level: 'breaking',
  coordinate: 'Lamp.imageUrl',
  message: 'Field `imageUrl` was removed from object type `Lamp`',
  reason: null,
  subgraph: null,
  uses: [],
  isSeenByValidation: false,
  isContractOnly: false,
  operations: ['Card (card.graphql)'],
  ...more,
});

const findings = (more: Partial<Findings> = {}): Findings => ({
  faults: [],
  hints: [],
  changes: [],
  broken: [],
  fetches: { committed: { Card: ['product'] }, now: { Card: ['product'] } },
  counts: { subgraphs: 2, operations: 3 },
  ...more,
});

const CHANGELOG = `# Changelog

## Unreleased

### Added

- \`Lamp.volts\` is the voltage.

### Changed

- \`Lamp.imageUrl\` and \`Lamp.image\` are removed: \`Lamp.images\` has
  all of them.
- The \`Query.lamps(first:)\` is at most 50: longer pages were slow.

## 1.0.0

- \`Lamp.watts\` is removed: it was never right.
`;

describe('the changelog', () => {
  it.each([
    ['Lamp.imageUrl', '`Lamp.images` has all of them.'],
    ['Lamp.image', '`Lamp.images` has all of them.'],
    ['Query.lamps(first:)', 'longer pages were slow.'],
    ['Lamp.images', null],
    ['Lamp.volts', null],
    ['Lamp.watts', null],
    ['toString', null],
  ])('explains %s: %s', (coordinate, reason) => {
    expect(readAccepted(CHANGELOG)(coordinate)).toBe(reason);
  });

  it('explains nothing when there is none', () => {
    expect(readAccepted('')('Lamp.imageUrl')).toBeNull();
  });
});

describe('the check', () => {
  const passes = (more: Partial<Findings>, changelog = '') =>
    makeReport(findings(more), readAccepted(changelog)).isPassed;

  it.each<[string, Partial<Findings>, boolean]>([
    ['nothing', {}, true],
    ['no main', { changes: null }, true],
    ['a safe change', { changes: [change({ level: 'safe' })] }, true],
    ['a dangerous change', { changes: [change({ level: 'dangerous' })] }, false],
    ['a breaking change', { changes: [change()] }, false],
    ['a breaking change that no operation uses', { changes: [change({ operations: [] })] }, false],
    ['a fault', { faults: [{ file: 'a', line: 1, rule: 'b', message: 'c' }] }, false],
    ['a hint', { hints: ['hint'] }, false],
    ['an operation that is not valid', { broken: [{ operation: 'A', faults: ['b'] }] }, false],
    ['another fetch', { fetches: { committed: { A: ['x'] }, now: { A: ['x', 'y'] } } }, false],
    ['a new operation', { fetches: { committed: {}, now: { A: ['x'] } } }, false],
    ['an operation that is gone', { fetches: { committed: { A: ['x'] }, now: {} } }, false],
  ])('finds %s, and passes: %s', (_what, more, isPassed) => {
    expect(passes(more)).toBe(isPassed);
  });

  it('passes a change of which the changelog gives the reason, and no other', () => {
    const another = change({ coordinate: 'Lamp.watts' });
    expect(passes({ changes: [change()] }, CHANGELOG)).toBe(true);
    expect(passes({ changes: [change(), another] }, CHANGELOG)).toBe(false);
  });
});

describe('the report', () => {
  const lines = (more: Partial<Findings>, changelog = '') =>
    printReport(makeReport(findings(more), readAccepted(changelog))).join('\n');

  it('distinguishes what breaks operations here from what may break others', () => {
    expect(lines({ changes: [change()] })).toContain('breaks 1: Card (card.graphql)');
    expect(lines({ changes: [change({ operations: [] })] })).toContain(
      'no operation in this repository uses it; other clients may',
    );
  });

  it('says of the public contract that code is generated from it, not that operations break', () => {
    const changes = [change({ isContractOnly: true, operations: [] })];
    expect(lines({ changes })).not.toContain('no operation in this repository');
    expect(renderMarkdown(makeReport(findings({ changes }), readAccepted('')))).toContain(
      '| code generated from `/schema.graphql` |',
    );
  });

  it('says how a change is explained, and then its explanation', () => {
    expect(lines({ changes: [change()] })).toContain('- `Lamp.imageUrl` changed: why');
    const explained = lines({ changes: [change()] }, CHANGELOG);
    expect(explained).toContain('explained: `Lamp.images` has all of them.');
    expect(explained).toMatch(
      /passes: 2 subgraphs, 3 operations; since main 1 breaking, 0 dangerous/,
    );
  });

  it('says that there was nothing to compare with', () => {
    expect(lines({ changes: null })).toContain('there is no graph on main to compare with');
  });

  it('is a page of Markdown with the same findings', () => {
    const page = renderMarkdown(
      makeReport(
        findings({
          changes: [
            change(),
            change({ level: 'dangerous', coordinate: 'Colour.GREEN', reason: 'one | more' }),
            change({ level: 'safe', coordinate: 'Lamp.volts' }),
          ],
          faults: [{ file: 'a.graphql', line: 7, rule: 'mutations', message: 'is a noun' }],
          fetches: { committed: { A: ['x'] }, now: { A: ['x', 'y'] } },
        }),
        readAccepted(''),
      ),
    );
    expect(page).toMatch(/^## Schema: fails\n/);
    expect(page).toContain('### Breaking');
    expect(page).toContain('one \\| more');
    expect(page).toContain('| a.graphql:7 | is a noun | mutations |');
    expect(page).toContain('| A | 1: x | 2: x, y |');
    expect(page).toContain('### Safe');
    expect(page).not.toContain('### Hints');
  });
});
