import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CommandFailure, EXIT } from '@cartograph/command';
import { parseDocument } from 'yaml';
import { KUBERNETES_FOLDER, type Overlay } from './rendering.ts';

/** The files from which ConfigMaps are made, by their names in these. */
const CONTENTS: Readonly<Record<string, string>> = {
  'supergraph.graphql': 'apps/router/supergraph.graphql',
  'router.yaml': 'docker/router.yaml',
};

const SOURCES = '{base,components,overlays}/**/*.yaml';

/** Changes with every change of the manifests; a copy of a file in CONTENTS is not one. */
export const hashSources = (): string => {
  const hash = createHash('sha256');
  const files = globSync(SOURCES, { cwd: KUBERNETES_FOLDER })
    .filter((file) => !(path.basename(file) in CONTENTS))
    .map((file) => file.replaceAll(path.sep, '/'))
    .toSorted();
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

/**
 * Leaves the contents of other files out of a rendering, and what follows from them: a change of the
 * schema must not need kubectl, which a machine with Node alone has not.
 */
const leaveOutContents = (text: string): string => {
  let result = text;
  for (const part of text.split(/^---\n/m)) {
    if (!/^kind: ConfigMap$/m.test(part)) continue;
    const document = parseDocument(part);
    const { data, metadata } = document.toJS() as {
      readonly data: Readonly<Record<string, string>>;
      readonly metadata: { readonly name: string };
    };
    for (const key of Object.keys(data).filter((one) => one in CONTENTS)) {
      document.setIn(['data', key], `the content of ${CONTENTS[key]}`);
      const name = metadata.name.replace(/-\w+$/, '-content');
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
