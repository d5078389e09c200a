/** The heading of a release: `## 0.2.0`, or with its day, `## 0.2.0 - 2026-12-01`. */
const headingOf = (version: string): RegExp =>
  new RegExp(`^## ${RegExp.escape(version)}(?: - \\d{4}-\\d{2}-\\d{2})?$`);

const VERSION = /^\d+\.\d+\.\d+$/;

/** CHANGELOG.md has nothing that a release could be announced with. */
export class ReleaseNotesError extends Error {
  override readonly name = 'ReleaseNotesError';
}

/**
 * Finds what a changelog says about a release, without its heading.
 * @param version `0.2.0`; "Unreleased" is none
 * @throws ReleaseNotesError when there is no section of the version, or nothing is in it
 */
export const findReleaseNotes = (changelog: string, version: string): string => {
  if (!VERSION.test(version)) throw new ReleaseNotesError(`"${version}" is not a version.`);
  const section = changelog
    .split(/^(?=## )/m)
    .map((text) => text.split('\n'))
    .find(([heading = '']) => headingOf(version).test(heading.trimEnd()));
  if (!section) {
    throw new ReleaseNotesError(
      `CHANGELOG.md has no section "## ${version}": give "Unreleased" that name and the day.`,
    );
  }
  const [, ...lines] = section;
  // "### Added" alone says nothing.
  if (lines.every((line) => line.trim() === '' || line.startsWith('#'))) {
    throw new ReleaseNotesError(`The section "## ${version}" of CHANGELOG.md is empty.`);
  }
  return `${lines.join('\n').trim()}\n`;
};
