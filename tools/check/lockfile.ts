/**
 * Fails when package-lock.json names a registry, misses a platform's part of a package that has
 * parts, holds a version below a security floor, or an install script that package.json neither allows nor forbids.
 */
import { readFileSync } from 'node:fs';

/** The part of npm's lockfile (version 3) that is checked. */
export type Lockfile = {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string;
        readonly resolved?: string;
        readonly link?: boolean;
        readonly hasInstallScript?: boolean;
        readonly optionalDependencies?: Readonly<Record<string, string>>;
      }
    >
  >;
};

/** Versions below these have a known vulnerability, which `closes` names. */
export const SECURITY_FLOORS: Readonly<Record<string, { version: string; closes: string }>> = {
  '@apollo/gateway': { version: '2.13.2', closes: 'CVE-2026-32621, prototype pollution' },
  '@apollo/server': { version: '5.5.0', closes: 'CSRF by GET, denial of service by charset' },
};

const nameOf = (place: string): string => place.slice(place.lastIndexOf('node_modules/') + 13);

/** Platforms that developers and servers of this project have. */
const PLATFORM_PART = /-(linux|darwin|win32)-(x64|arm64)/;

/** Releases only: `5.10.0` is above `5.9.0`. */
const isBelow = (version: string, floor: string): boolean =>
  version.localeCompare(floor, 'en', { numeric: true }) < 0;

/**
 * Everything that is wrong with a lockfile, one sentence each.
 * @param allowScripts of package.json: npm 12 skips the install scripts that it does not name
 */
export const findLockfileFaults = (
  { packages }: Lockfile,
  allowScripts: Readonly<Record<string, boolean>> = {},
): readonly string[] => {
  const places = Object.entries(packages);
  const locked = new Set(places.map(([place]) => nameOf(place)));
  return [
    ...places
      .filter(([, entry]) => entry.resolved?.includes('://'))
      .map(([place, entry]) => `${place} is locked to an address: ${entry.resolved}`),
    ...places.flatMap(([place, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter((part) => PLATFORM_PART.test(part) && !locked.has(part))
        .map((part) => `${place} misses its part ${part}: npm ci fails on that platform`),
    ),
    ...places
      .filter(([place, entry]) => entry.hasInstallScript && !(nameOf(place) in allowScripts))
      .map(([place]) => `${place} has an install script: name it in allowScripts of package.json`),
    ...places.flatMap(([place, entry]) => {
      const floor = SECURITY_FLOORS[nameOf(place)];
      return floor && entry.version && isBelow(entry.version, floor.version)
        ? [`${place} ${entry.version} is below ${floor.version}, which closes ${floor.closes}`]
        : [];
    }),
  ];
};

if (import.meta.main) {
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
  const { allowScripts } = read('package.json') as { allowScripts: Record<string, boolean> };
  const faults = findLockfileFaults(read('package-lock.json') as Lockfile, allowScripts);
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
