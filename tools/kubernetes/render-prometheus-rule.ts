import { readFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { parse, stringify } from 'yaml';
import { ruleFiles } from '../observability/read-rules.ts';
import { KUBERNETES_FOLDER } from './rendering.ts';

/** The rules of docker/prometheus/rules/, as the Prometheus Operator reads them. */
export const RULE_FILE = path.join(
  KUBERNETES_FOLDER,
  'components',
  'monitoring',
  'prometheus-rule.yaml',
);

const HEAD =
  '# Written by `npm run kubernetes:render` from docker/prometheus/rules/: change those.\n';

/** Writes RULE_FILE, since Kustomize can put no file into a field of an object. */
export const renderPrometheusRule = async (): Promise<string> => {
  const groups = ruleFiles().flatMap((file) => {
    const content = parse(readFileSync(file, 'utf8')) as { readonly groups: readonly unknown[] };
    return content.groups;
  });
  const object = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'cartograph' },
    spec: { groups },
  };
  const options = { ...(await resolveConfig(RULE_FILE)), filepath: RULE_FILE };
  return format(HEAD + stringify(object, { lineWidth: 0 }), options);
};
