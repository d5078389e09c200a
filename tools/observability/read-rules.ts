import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const root = path.resolve(import.meta.dirname, '..', '..');

/** Where the configuration of Prometheus is. */
export const PROMETHEUS_FOLDER = path.join(root, 'docker', 'prometheus');

type Labels = Readonly<Record<string, string>>;

/** A series that Prometheus computes. */
export type RecordingRule = {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Labels;
};

/** A condition on which an operator must act. */
export type AlertRule = {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Labels;
  readonly annotations: Labels;
};

type RuleFile = {
  readonly groups: readonly { readonly rules: readonly (RecordingRule | AlertRule)[] }[];
};

/** The files that docker/prometheus/prometheus.yaml loads. */
export const ruleFiles = (): readonly string[] =>
  globSync('rules/*.yaml', { cwd: PROMETHEUS_FOLDER })
    .toSorted()
    .map((file) => path.join(PROMETHEUS_FOLDER, file));

/** Reads all rules, in the order of the files. */
export const readRules = (): readonly (RecordingRule | AlertRule)[] =>
  ruleFiles().flatMap((file) => {
    const { groups } = parse(readFileSync(file, 'utf8')) as RuleFile;
    return groups.flatMap(({ rules }) => rules);
  });

export const isAlert = (rule: RecordingRule | AlertRule): rule is AlertRule => 'alert' in rule;
