import { describe, expect, it } from 'vitest';
import { findReleaseNotes, ReleaseNotesError } from './release-notes.ts';

const CHANGELOG = `# Changelog

What users notice.

## Unreleased

### Added

- What is not released.

## 0.3.0

### Added

## 0.2.1 - 2026-12-02

### Fixed

- A bug, in \`## code\`.

## 0.2.0 - 2026-12-01

### Added

- The first line,
  which goes on.

### Changed

- The last line.
`;

describe('findReleaseNotes', () => {
  it('finds what a section contains, up to the next release', () => {
    expect(findReleaseNotes(CHANGELOG, '0.2.1')).toBe('### Fixed\n\n- A bug, in `## code`.\n');
    expect(findReleaseNotes(CHANGELOG, '0.2.0')).toBe(
      '### Added\n\n- The first line,\n  which goes on.\n\n### Changed\n\n- The last line.\n',
    );
  });

  it.each([
    ['0.4.0', /no section "## 0\.4\.0": give "Unreleased"/],
    // Not as a pattern, and not as the beginning of another version.
    ['0.2.10', /no section/],
    ['0.2', /is not a version/],
    ['0.3.0', /"## 0\.3\.0" of CHANGELOG\.md is empty/],
    ['Unreleased', /"Unreleased" is not a version/],
    ['', /is not a version/],
  ])('refuses %j', (version, sentence) => {
    expect(() => findReleaseNotes(CHANGELOG, version)).toThrow(ReleaseNotesError);
    expect(() => findReleaseNotes(CHANGELOG, version)).toThrow(sentence);
  });
});
