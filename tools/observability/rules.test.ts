import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { collectQueries } from './collect-queries.ts';
import { isAlert, PROMETHEUS_FOLDER, readRules } from './read-rules.ts';
import { findPrometheus } from './test/find-prometheus.ts';

const run = promisify(execFile);
const alerts = readRules().filter(isAlert);
const testFiles = globSync('tests/*.yaml', { cwd: PROMETHEUS_FOLDER });
const programs = await findPrometheus();

type Sample = { readonly labels: string };
type TestFile = {
  readonly tests: readonly {
    readonly promql_expr_test: readonly {
      readonly expr: string;
      readonly exp_samples: readonly Sample[];
    }[];
  }[];
};

/** What the unit tests of promtool expect of an alert, at several times: the alerts that fire. */
const expectedOf = (alert: string): readonly (readonly Sample[])[] =>
  testFiles
    .map((file) => parse(readFileSync(path.join(PROMETHEUS_FOLDER, file), 'utf8')) as TestFile)
    .flatMap(({ tests }) => tests.flatMap((test) => test.promql_expr_test))
    .filter(({ expr }) => expr === `ALERTS{alertname="${alert}", alertstate="firing"}`)
    .map(({ exp_samples: samples }) => samples);

describe('an alert', () => {
  it.each(alerts)('$alert says how urgent it is, what is wrong and what to do', (rule) => {
    expect(rule.labels).toEqual({ severity: expect.stringMatching(/^(?:page|ticket)$/) });
    const anchor = rule.alert.toLowerCase();
    expect(rule.annotations).toEqual({
      summary: expect.stringMatching(/\w/),
      description: expect.stringMatching(/\.$/),
      runbook: `docs/operations/alerts.md#${anchor}`,
    });
  });

  it.each(alerts)('$alert is tested where it fires, and where it does not', ({ alert }) => {
    const fires = expectedOf(alert).map((samples) => samples.length > 0);
    expect(new Set(fires)).toEqual(new Set([true, false]));
  });

  it.each(alerts)('$alert has the labels that its sentences name', ({ alert, annotations }) => {
    const firing = expectedOf(alert).flat();
    const sentences = Object.values(annotations).join('\n');
    for (const [, label] of sentences.matchAll(/\$labels\.(\w+)/g)) {
      expect(firing.map(({ labels }) => labels).join('\n')).toContain(`${label}="`);
    }
  });
});

const testWithPromtool = (program: string): void => {
  const promtool = (...args: string[]) =>
    run(program, args, { cwd: PROMETHEUS_FOLDER }).catch((error: unknown) => {
      const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
      throw new Error(`${stdout}${stderr}`);
    });

  it('accepts the configuration, and all rules', async () => {
    const { stdout } = await promtool('check', 'config', 'prometheus.yaml');
    expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
  });

  it('finds that each alert fires when its cause is there, and only then', async () => {
    const { stdout } = await promtool('test', 'rules', ...testFiles);
    expect(stdout).toContain('SUCCESS');
  });

  it('parses each query of each dashboard', async () => {
    const rules = collectQueries().map((expr, index) => ({ record: `query_${index}`, expr }));
    const folder = await mkdtemp(path.join(tmpdir(), 'queries-'));
    const file = path.join(folder, 'queries.yaml');
    try {
      await writeFile(file, stringify({ groups: [{ name: 'queries', rules }] }));
      await promtool('check', 'rules', file);
    } finally {
      await rm(folder, { recursive: true });
    }
    expect(rules.length).toBeGreaterThan(50);
  });
};

// Without it there is nothing to test: findPrometheus prints that, and throws where CI=true.
if (programs) describe('promtool', () => testWithPromtool(programs.promtool));
else it('promtool was not tried: there is none', () => undefined);
