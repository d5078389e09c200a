import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { IObjectMeta } from '@kubernetes-models/apimachinery/apis/meta/v1/ObjectMeta';
import type { IPodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec';
import { parseAllDocuments } from 'yaml';

const root = path.resolve(import.meta.dirname, '..', '..');

/** Where the manifests are. */
export const KUBERNETES_FOLDER = path.join(root, 'docker', 'kubernetes');

/** The overlays that are rendered: the whole shop on one machine, and an example of production. */
export const OVERLAYS = ['dev', 'prod'] as const;

export type Overlay = (typeof OVERLAYS)[number];

/** An object of a rendering, with what every object has. */
export type KubernetesObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: IObjectMeta & { readonly name: string };
};

/** An object that makes pods. */
export type Workload = KubernetesObject & {
  readonly kind: 'Deployment' | 'StatefulSet' | 'Job';
  readonly spec: { readonly template: IPodTemplateSpec };
};

/** The committed rendering of an overlay. */
export const renderingFileOf = (overlay: Overlay): string =>
  path.join(KUBERNETES_FOLDER, 'rendered', `${overlay}.yaml`);

/**
 * Reads the objects of a rendering.
 * @throws when it is no YAML
 */
export const parseRendering = (text: string): readonly KubernetesObject[] =>
  parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error) throw error;
    return document.toJS() as KubernetesObject;
  });

/** Reads the committed rendering of an overlay. */
export const readRendering = (overlay: Overlay): readonly KubernetesObject[] =>
  parseRendering(readFileSync(renderingFileOf(overlay), 'utf8'));

const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'Job']);

/** Whether an object makes pods. */
export const isWorkload = (object: KubernetesObject): object is Workload =>
  WORKLOADS.has(object.kind);
