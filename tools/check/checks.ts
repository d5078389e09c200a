/** One check: a name to call it by, and the command that fails when something is wrong. */
export type Check = { readonly name: string; readonly command: readonly string[] };

/**
 * Every check of the project, those that take long first, since several run at once. Programs come
 * from node_modules/.bin.
 */
export const CHECKS: readonly Check[] = [
  { name: 'lint', command: ['eslint', '.'] },
  { name: 'types', command: ['tsc'] },
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'lockfile', command: ['node', 'tools/check/lockfile.ts'] },
  { name: 'supergraph', command: ['node', 'tools/compose/main.ts', '--check'] },
  { name: 'codegen', command: ['graphql-codegen', '--config', 'codegen.ts', '--check'] },
  {
    name: 'arrows',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'tools', 'e2e'],
  },
  { name: 'migrations', command: ['node', 'tools/migrate/main.ts', 'check'] },
];
