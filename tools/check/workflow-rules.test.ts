import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CHECKS } from './checks.ts';
import { findWorkflowFaults } from './workflow-rules.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const COMMIT = 'df4cb1c069e1874edd31b4311f1884172cec0e10';

const GOOD = `on: [push, pull_request]
jobs:
  test:
    permissions:
      contents: read
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@${COMMIT} # v6.0.3
        with:
          persist-credentials: false
      - uses: ./.github/actions/image
      - run: echo "$TITLE"
        env:
          TITLE: \${{ github.event.pull_request.title }}
  call:
    permissions: {}
    uses: ./.github/workflows/other.yml
`;

describe('findWorkflowFaults', () => {
  it('finds none where every rule is followed', () => {
    expect(findWorkflowFaults(GOOD)).toEqual([]);
  });

  it.each([
    ['a tag', `@${COMMIT} # v6.0.3`, '@v6', '8: actions/checkout@v6 is not pinned'],
    ['a short commit', COMMIT, COMMIT.slice(0, 7), '8: actions/checkout@df4cb1c is not pinned'],
    ['no version', ' # v6.0.3', '', '8: .* no comment with its version'],
    ['a comment that is no version', '# v6.0.3', '# latest', '8: .* no comment with its version'],
    ['a token that stays', 'credentials: false', 'credentials: true', '8: .*persist-credentials'],
    ['no time limit', 'timeout-minutes: 5', 'name: x', '3: the job test has no timeout-minutes'],
    ['no permissions', '    permissions: {}\n', '', '15: the job call has no permissions'],
    ['an expression in a script', 'echo "$TITLE"', 'echo ${{ github.ref }}', '12: an expression'],
    ['an unsafe event', 'pull_request]', 'pull_request_target]', '1: pull_request_target runs'],
    ['an unsafe event as a key', '[push, pull_request]', '{ pull_request_target: }', '1: pull_req'],
  ])('reports %s', (_what, right, wrong, fault) => {
    expect(GOOD).toContain(right);
    const faults = findWorkflowFaults(GOOD.replace(right, wrong));
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^${fault}`))]);
  });

  it('takes the version of a release whose tag has a name', () => {
    expect(findWorkflowFaults(GOOD.replace('# v6.0.3', '# rover-v0.41.0'))).toEqual([]);
  });

  it('reports a scan whose results GitHub refuses in a private repository', () => {
    const scan = GOOD.replace(
      './.github/actions/image',
      `github/codeql-action/init@${COMMIT} # v4.36.2`,
    );
    const permissions = 'permissions:\n      contents: read';
    expect(findWorkflowFaults(scan)).toEqual([
      '3: the job test uses github/codeql-action/init without actions: read',
      '3: the job test uses github/codeql-action/init without security-events: write',
    ]);
    const given = `${permissions}\n      actions: read\n      security-events: write`;
    expect(findWorkflowFaults(scan.replace(permissions, given))).toEqual([]);
  });

  it('reports an image whose layers keep the time at which they were built', () => {
    const build = (outputs: string) =>
      `runs:
  steps:
    - uses: docker/build-push-action@${COMMIT} # v7.3.0
      with:
        ${outputs}
      env:
        SOURCE_DATE_EPOCH: 1
`;
    const fault = '3: SOURCE_DATE_EPOCH needs rewrite-timestamp=true in outputs';
    const lost = expect.stringContaining(fault);
    expect(findWorkflowFaults(build('push: true'))).toEqual([lost]);
    expect(findWorkflowFaults(build('outputs: type=image,push=true'))).toEqual([lost]);
    const right = build('outputs: type=image,push=true,rewrite-timestamp=true');
    expect(findWorkflowFaults(right)).toEqual([]);
    expect(findWorkflowFaults(build('push: true').replace(/ +env:[^]*/, ''))).toEqual([]);
  });

  it('reports an action in a flow map, and a text that is not YAML', () => {
    const flow = findWorkflowFaults('runs: { steps: [{ uses: a/b@main }] }');
    expect(flow).toEqual([expect.stringContaining('1: a/b@main is not pinned')]);
    expect(findWorkflowFaults('jobs: {')).toHaveLength(1);
  });
});

describe('CI', () => {
  const ci = readFileSync(path.join(root, '.github/workflows/ci-cd.yml'), 'utf8');

  it('runs every check', () => {
    const [, list = ''] = /\n {8}checks:\n([^]*?)\n {4}steps:/.exec(ci) ?? [];
    const lines = list.split('\n').filter((line) => /^ +- /.test(line));
    const named = lines.flatMap((line) => line.trim().slice(2).split(' '));
    expect(named.toSorted()).toEqual(CHECKS.map(({ name }) => name).toSorted());
  });

  it('runs every check in a pull request by .ci/run, too, but lint, which nx runs', () => {
    const script = readFileSync(path.join(root, '.ci/run'), 'utf8');
    const [, list = ''] = /npm run --silent check -- (.*)/.exec(script) ?? [];
    const names = CHECKS.map(({ name }) => name).filter((name) => name !== 'lint');
    expect(list.split(' ').toSorted()).toEqual(names.toSorted());
  });

  it('downloads packages of Debian by lists that are not those of an old runner image', () => {
    const { jobs } = parse(ci) as {
      readonly jobs: Readonly<
        Record<string, { readonly steps: readonly { readonly run?: string }[] }>
      >;
    };
    for (const name of ['tests', 'e2e']) {
      const scripts = jobs[name]?.steps.map(({ run = '' }) => run) ?? [];
      const update = scripts.indexOf('sudo apt-get update');
      const first = scripts.findIndex((run) => /nx affected|npm (?:test|run e2e)/.test(run));
      expect([name, update >= 0 && update < first]).toEqual([name, true]);
    }
  });

  it('runs scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const texts = globSync('.github/workflows/*.yml', { cwd: root }).map((file) =>
      readFileSync(path.join(root, file), 'utf8'),
    );
    const named = [...texts.join().matchAll(/npm run (?:--silent )?([\w:-]+)/g)];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(([, script = '']) => !(script in scripts))).toEqual([]);
  });

  it('checks and publishes each subgraph, at the address that supergraph.yaml names', () => {
    const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
    const matrix = read('.github/workflows/schema.yml').matchAll(
      /- \{ subgraph: (\w+), address: (\w+) \}/g,
    );
    const addresses = read('supergraph.yaml').matchAll(
      /^ {2}(\w+):\n {4}routing_url: \$\{env\.(\w+):-/gm,
    );
    const pairs = [...addresses].map(([, name, address]) => [name, address]);
    expect(pairs.length).toBeGreaterThanOrEqual(4);
    expect([...matrix].map(([, name, address]) => [name, address])).toEqual(pairs);
  });

  it('builds an image of each app', () => {
    const apps = globSync('apps/*/src/main.ts', { cwd: root }).map((file) => file.split('/')[1]);
    for (const file of ['ci-cd', 'release']) {
      const text = readFileSync(path.join(root, `.github/workflows/${file}.yml`), 'utf8');
      const matrices = [...text.matchAll(/app: \[(.*)\]/g)].map(([, list = '']) =>
        list.split(', '),
      );
      expect(matrices.length).toBeGreaterThan(0);
      for (const matrix of matrices) expect(matrix.toSorted()).toEqual(apps.toSorted());
    }
  });
});
