import type { Fault } from '../lint/fault.ts';
import type { Fetches } from '../operations/count-fetches.ts';
import type { BrokenOperation, JudgedChange } from '../operations/judge-operations.ts';
import type { Accepted } from './read-accepted.ts';

/** What the check found, before anything is said about it. */
export type Findings = {
  /** Faults by the file that they are in. */
  readonly faults: readonly (Fault & { readonly file: string })[];
  /** What composition remarks. */
  readonly hints: readonly string[];
  /** Null when there is no main to compare with. */
  readonly changes: readonly JudgedChange[] | null;
  readonly broken: readonly BrokenOperation[];
  /** The committed snapshot, and what is true now. */
  readonly fetches: { readonly committed: Fetches; readonly now: Fetches };
  readonly counts: { readonly subgraphs: number; readonly operations: number };
};

/** A change with the reason that the changelog gives for it. */
export type ReportedChange = JudgedChange & { readonly accepted: string | null };

/** An operation that is fetched otherwise than the snapshot says. */
export type ChangedFetches = {
  readonly name: string;
  readonly committed: readonly string[] | null;
  readonly now: readonly string[] | null;
};

export type Report = Omit<Findings, 'changes' | 'fetches'> & {
  readonly changes: readonly ReportedChange[] | null;
  readonly fetches: readonly ChangedFetches[];
  /** Changes that are not safe, and of which the changelog says nothing. */
  readonly unexplained: readonly ReportedChange[];
  readonly isPassed: boolean;
};

const compareFetches = ({ committed, now }: Findings['fetches']): readonly ChangedFetches[] =>
  [...new Set([...Object.keys(committed), ...Object.keys(now)])]
    .map((name) => ({ name, committed: committed[name] ?? null, now: now[name] ?? null }))
    .filter((one) => JSON.stringify(one.committed) !== JSON.stringify(one.now));

/** Decides what the check is about: it fails on anything but a change that is safe or explained. */
export const makeReport = (findings: Findings, accepted: Accepted): Report => {
  const changes =
    findings.changes?.map((change) => ({
      ...change,
      accepted: change.level === 'safe' ? null : accepted(change.coordinate),
    })) ?? null;
  const fetches = compareFetches(findings.fetches);
  const unexplained = (changes ?? []).filter(
    (change) => change.level !== 'safe' && change.accepted === null,
  );
  const { faults, hints, broken } = findings;
  const isPassed = [faults, hints, broken, fetches, unexplained].every(
    ({ length }) => length === 0,
  );
  return { ...findings, changes, fetches, unexplained, isPassed };
};
