import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CommandFailure, EXIT } from '@cartograph/command';
import { parseDocument } from 'yaml';
import { RULE_FILE } from './render-prometheus-rule.ts';
import { KUBERNETES_FOLDER, type Overlay } from './rendering.ts';

const root = path.resolve(KUBERNETES_FOLDER, '..', '..');

const DASHBOARDS = 'docker/grafana/dashboards';

/** The files from which ConfigMaps are made, by their names in these. */
const CONTENTS: Readonly<Record<string, string>> = {
  'supergraph.graphql': 'apps/router/supergraph.graphql',
  'router.yaml': 'docker/router.yaml',
  ...Object.fromEntries(
    globSync('*.json', { cwd: path.join(root, DASHBOARDS) }).map((name) => [
      `cartograph-${name}`,
      `${DASHBOARDS}/${name}`,
    ]),
  ),
};

/** What a PrometheusRule has in place of its groups, which are those of RULE_FILE. */
const RULES_CONTENT = [{ name: 'the groups of docker/prometheus/rules' }];

const SOURCES = '{base,components,overlays}/**/*.yaml';

/** Changes with every change of the manifests; RULE_FILE and a copy of a file in CONTENTS are none. */
export const hashSources = (): string => {
  const hash = createHash('sha256');
  const files = [
    ...globSync(SOURCES, { cwd: KUBERNETES_FOLDER })
      .filter((file) => !(path.basename(file) in CONTENTS))
      .filter((file) => path.join(KUBERNETES_FOLDER, file) !== RULE_FILE)
      .map((file) => file.replaceAll(path.sep, '/')),
    '../grafana/kustomization.yaml',
  ].toSorted();
  for (const file of files) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(KUBERNETES_FOLDER, file)))
      .update('\0');
  }
  return hash.digest('hex');
};

/** The first line of a rendering, by which a rendering of other sources is recognized. */
export const headerOf = (sourcesHash: string): string =>
  `# Rendered by \`npm run kubernetes:render\` from sources with the SHA-256 ${sourcesHash}`;

/** Runs kubectl, which has Kustomize in it. @returns null when there is no kubectl */
const runKustomize = (folder: string): string | null => {
  try {
    return execFileSync('kubectl', ['kustomize', folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    if (code === 'ENOENT') return null;
    throw new CommandFailure(EXIT.failed, `kubectl kustomize failed:\n${stderr?.trim()}`);
  }
};

/** The end of a name that Kustomize made of the content. */
const NAME_HASH = /-[0-9a-z]{10}$/;

/**
 * Leaves the contents of other files out of a rendering, and what follows from them: a change of the
 * schema, a rule or a dashboard must not need kubectl, which a machine with Node alone has not.
 */
const leaveOutContents = (text: string): string => {
  let result = text;
  for (const part of text.split(/^---\n/m)) {
    const [, kind] = /^kind: (ConfigMap|PrometheusRule)$/m.exec(part) ?? [];
    if (kind === undefined) continue;
    const document = parseDocument(part);
    if (kind === 'PrometheusRule') {
      document.setIn(['spec', 'groups'], RULES_CONTENT);
      result = result.replace(part, () => String(document));
      continue;
    }
    const { data, metadata } = document.toJS() as {
      readonly data: Readonly<Record<string, string>>;
      readonly metadata: { readonly name: string };
    };
    for (const key of Object.keys(data).filter((one) => one in CONTENTS)) {
      document.setIn(['data', key], `the content of ${CONTENTS[key]}`);
      const name = metadata.name.replace(NAME_HASH, '-content');
      result = result.replace(part, () => String(document)).replaceAll(metadata.name, name);
    }
  }
  return result;
};

/**
 * Renders an overlay as it is committed.
 * @returns null when there is no kubectl on this machine
 * @throws CommandFailure when Kustomize refuses it
 */
export const renderOverlay = (overlay: Overlay): string | null => {
  const text = runKustomize(path.join(KUBERNETES_FOLDER, 'overlays', overlay));
  return text === null ? null : `${headerOf(hashSources())}\n${leaveOutContents(text)}`;
};
