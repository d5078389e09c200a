/** The reason that the changelog gives for a change of a coordinate; null when it names none. */
export type Accepted = (coordinate: string) => string | null;

const UNRELEASED = /^## Unreleased\n([\s\S]*?)(?=^## |(?![\s\S]))/m;

/** An entry of a list, with the lines that continue it. */
const ENTRY = /^- (?:.*\n?)(?: {2}.*\n?)*/gm;

/** What an entry names, in backticks, before the colon; and what it says after it. */
const NAMED = /^((?:`[^`]+`|[^`:])+): (.+)$/;

/**
 * Reads which changes the unreleased part of a changelog accepts. An entry names schema coordinates in
 * backticks, and after a colon the reason: "- `Product.imageUrl` is removed: `Product.images` has all."
 */
export const readAccepted = (changelog: string): Accepted => {
  const reasons = new Map<string, string>();
  const [, unreleased = ''] = UNRELEASED.exec(changelog) ?? [];
  for (const [entry] of unreleased.matchAll(ENTRY)) {
    const [, names = '', reason = ''] =
      NAMED.exec(entry.slice(2).replaceAll(/\s+/g, ' ').trim()) ?? [];
    for (const [, name = ''] of names.matchAll(/`([^`]+)`/g)) reasons.set(name, reason);
  }
  return (coordinate) => reasons.get(coordinate) ?? null;
};
