/** One check: a name to call it by, and the command that fails when something is wrong. */
export type Check = { readonly name: string; readonly command: readonly string[] };

/** Every check of the project, the quick ones first. Programs come from node_modules/.bin. */
export const CHECKS: readonly Check[] = [
  { name: 'lockfile', command: ['node', 'tools/check/lockfile.ts'] },
  { name: 'projects', command: ['node', 'tools/check/project-edges.ts'] },
  { name: 'supergraph', command: ['node', 'tools/compose/main.ts', '--check'] },
  { name: 'codegen', command: ['graphql-codegen', '--config', 'codegen.ts', '--check'] },
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  {
    name: 'arrows',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'tools', 'e2e'],
  },
  { name: 'migrations', command: ['node', 'tools/migrate/main.ts', 'check'] },
  { name: 'types', command: ['tsc'] },
  { name: 'lint', command: ['eslint', '.'] },
];
