/**
 * Fails when package-lock.json names a registry, misses a platform's part of a package that has
 * parts, or holds a version below a security floor.
 */
import { readFile } from 'node:fs/promises';
import { findLockfileFaults, type Lockfile } from './lockfile-faults.ts';

const text = await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8');
const faults = findLockfileFaults(JSON.parse(text) as Lockfile);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
