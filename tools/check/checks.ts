/** One check: a name to call it by, and the command that fails when something is wrong. */
export type Check = { readonly name: string; readonly command: readonly string[] };

/** Where checks store what they know of unchanged files; `npm ci` removes it. */
const CACHE = 'node_modules/.cache/cartograph';

/** Checks the content of files, since a checkout changes all their times. */
const cache = (name: string): readonly string[] => [
  '--cache',
  '--cache-location',
  `${CACHE}/${name}`,
  '--cache-strategy',
  'content',
];

/**
 * Every check of the project, those that take long first, since several run concurrently. Programs
 * come from node_modules/.bin. Lint has no cache: what its rules find in a file depends on the types
 * in others.
 */
export const CHECKS: readonly Check[] = [
  { name: 'lint', command: ['eslint', '.'] },
  {
    name: 'types',
    command: ['tsc', '--incremental', '--tsBuildInfoFile', `${CACHE}/types.tsbuildinfo`],
  },
  {
    name: 'format',
    command: ['prettier', '--check', '--log-level', 'warn', ...cache('format'), '.'],
  },
  { name: 'lockfile', command: ['node', 'tools/check/lockfile.ts'] },
  { name: 'workflows', command: ['node', 'tools/check/workflows.ts'] },
  { name: 'configuration', command: ['node', 'tools/configuration/main.ts', '--check'] },
  { name: 'api', command: ['node', 'tools/api/main.ts', 'check'] },
  { name: 'dashboards', command: ['node', 'tools/observability/main.ts', '--check'] },
  { name: 'schema', command: ['node', 'tools/schema/main.ts', 'check'] },
  { name: 'supergraph', command: ['node', 'tools/compose/main.ts', '--check'] },
  { name: 'codegen', command: ['graphql-codegen', '--config', 'codegen.ts', '--check'] },
  { name: 'manifests', command: ['node', 'tools/manifests/main.ts', '--check'] },
  {
    name: 'arrows',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'tools', 'e2e'],
  },
  // Compares nothing where there is no kubectl.
  { name: 'kubernetes', command: ['node', 'tools/kubernetes/main.ts', 'render', '--check'] },
  { name: 'migrations', command: ['node', 'tools/migrate/main.ts', 'check'] },
];
