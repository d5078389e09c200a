import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Pair,
  type YAMLMap,
} from 'yaml';

/** A reference that is in this repository, and so is what was checked out. */
const LOCAL = /^\.\//;

/** An action at a commit, or an image at a digest: what they name never changes. */
const PINNED = /(?:@[0-9a-f]{40}|@sha256:[0-9a-f]{64})$/;

/** The release that the commit is of, which dependabot keeps up to date: `# v6.0.3`, `# rover-v0.41.0`. */
const VERSION = /^ (?:[a-z]+-)?v?\d+(?:\.\d+)*$/;

/** What runs the code of a fork with the secrets of the repository. */
const UNSAFE_EVENT = 'pull_request_target';

const findUsesFault = (value: unknown): string | undefined => {
  if (!isScalar(value)) return 'uses is not a text';
  const action = String(value.value);
  if (LOCAL.test(action)) return undefined;
  if (!PINNED.test(action)) return `${action} is not pinned: a tag or a branch can be moved`;
  if (VERSION.test(value.comment ?? '')) return undefined;
  return `${action} has no comment with its version, such as "# v6.0.3"`;
};

const findPairFault = ({ key, value }: Pair): string | undefined => {
  const name = isScalar(key) ? key.value : undefined;
  if (name === 'uses') return findUsesFault(value);
  const isScript = name === 'run' && isScalar(value) && String(value.value).includes('${{');
  return isScript ? 'an expression in a script is run as code: pass it as a variable' : undefined;
};

const findCheckoutFault = (step: YAMLMap): string | undefined => {
  if (!String(step.get('uses')).startsWith('actions/checkout@')) return undefined;
  if (step.getIn(['with', 'persist-credentials']) === false) return undefined;
  return 'a checkout without persist-credentials: false leaves the token to later steps';
};

/** BuildKit's docs/build-repro.md: alone, the variable changes the times of the image, not those of files. */
const findBuildFault = (step: YAMLMap): string | undefined => {
  if (!String(step.get('uses')).startsWith('docker/build-push-action@')) return undefined;
  if (!step.hasIn(['env', 'SOURCE_DATE_EPOCH'])) return undefined;
  const outputs = String(step.getIn(['with', 'outputs']));
  if (/,rewrite-timestamp=true(?:,|$)/m.test(outputs)) return undefined;
  return 'SOURCE_DATE_EPOCH needs rewrite-timestamp=true in outputs: files of layers keep their times';
};

/** What code scanning needs to take results: in a private repository it reads the run that they are of. */
const OF_CODE_SCANNING = [
  ['actions', 'read'],
  ['security-events', 'write'],
] as const;

const findScanFaults = (name: string, job: unknown): readonly string[] => {
  if (!isMap(job)) return [];
  const steps = job.get('steps');
  const used = isSeq(steps) ? steps.items.map((step) => isMap(step) && step.get('uses')) : [];
  const [scan] = used.flatMap((uses) => /^github\/codeql-action\/[\w-]+/.exec(String(uses)) ?? []);
  if (scan === undefined) return [];
  return OF_CODE_SCANNING.filter(
    ([scope, access]) => job.getIn(['permissions', scope]) !== access,
  ).map(([scope, access]) => `the job ${name} uses ${scan} without ${scope}: ${access}`);
};

/** A job that calls another workflow has no time limit; the jobs of that one have. */
const findJobFaults = (name: string, job: unknown): readonly string[] => {
  const has = (key: string): boolean => isMap(job) && job.has(key);
  return [
    ...(has('permissions') ? [] : [`the job ${name} has no permissions of its own`]),
    ...(has('timeout-minutes') || has('uses') ? [] : [`the job ${name} has no timeout-minutes`]),
    ...findScanFaults(name, job),
  ];
};

/**
 * What is wrong with the text of a workflow or of an action, as `line: sentence`, by rules that
 * actionlint does not have. Actions are pinned by commit, with their version; a job has a time limit and
 * permissions, among them what code scanning needs if it uses that; a checkout leaves no token; an image that
 * is to be the same again has no times of its build; a script contains no expression; no fork gets secrets.
 */
export const findWorkflowFaults = (text: string): readonly string[] => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const faults: { readonly line: number; readonly sentence: string }[] = [];
  const add = (offset: number | undefined, ...sentences: (string | undefined)[]): void => {
    for (const sentence of sentences) {
      if (sentence) faults.push({ line: lines.linePos(offset ?? 0).line, sentence });
    }
  };
  for (const { message, pos } of document.errors) add(pos[0], message);
  visit(document, {
    Map: (_key, map) => add(map.range?.[0], findCheckoutFault(map), findBuildFault(map)),
    Pair: (_key, pair) => {
      const { key } = pair;
      add(isScalar(key) ? key.range?.[0] : 0, findPairFault(pair));
    },
    Scalar: (_key, scalar) => {
      if (scalar.value !== UNSAFE_EVENT) return;
      add(scalar.range?.[0], `${UNSAFE_EVENT} runs the code of a fork with secrets`);
    },
  });
  const jobs = document.get('jobs');
  for (const { key, value } of isMap(jobs) ? jobs.items : []) {
    if (isScalar(key)) add(key.range?.[0], ...findJobFaults(String(key.value), value));
  }
  return faults
    .toSorted((one, other) => one.line - other.line)
    .map(({ line, sentence }) => `${line}: ${sentence}`);
};
