import { expect, it } from 'vitest';
import { checkWorkflow } from './workflows.ts';

const FILE = '.github/workflows/wrong.yml';

const WRONG = `on: push
jobs:
  test:
    runs-on: ubuntu-24.04
    permissions:
      everything: write
    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
      - run: echo hello
        env:
          WHO: \${{ nobody.name }}
`;

it('reports what actionlint finds, and what breaks a rule of ours', async () => {
  const faults = await checkWorkflow(FILE, WRONG);
  expect(faults).toEqual([
    expect.stringMatching(`^${FILE}:6: unknown permission scope "everything"`),
    expect.stringMatching(`^${FILE}:13: undefined variable "nobody"`),
    `${FILE}:3: the job test has no timeout-minutes`,
    expect.stringMatching(`^${FILE}:8: actions/checkout@v6 is not pinned`),
  ]);
});
