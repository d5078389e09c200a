import type { z } from 'zod';
import { SECRETS } from '../image/read-secret-files.ts';
import { APPS, SERVICES, type AppName } from '../services.ts';
import { describeValues, readDefault } from './describe-values.ts';
import { findRequired, PROVIDER_NAMES, type Requirement } from './find-required.ts';
import type { AppConfig } from './load-apps.ts';

/** A row of the table, as texts in Markdown. */
export type Variable = {
  readonly name: string;
  /** The processes that read it. */
  readonly readBy: string;
  /** Whether, and where, production needs it; empty when it does not. */
  readonly required: string;
  readonly values: string;
  readonly default: string;
};

type Reader = { readonly app: AppName; readonly field: z.ZodType; readonly needs?: Requirement };

const code = (text: string): string => `\`${text}\``;

/** `all`, `services, rest`, or the names of processes. */
const nameProcesses = (apps: readonly AppName[]): string => {
  if (apps.length === APPS.length) return 'all';
  const services: readonly AppName[] = SERVICES;
  if (!services.every((service) => apps.includes(service))) return apps.join(', ');
  return ['services', ...apps.filter((app) => !services.includes(app))].join(', ');
};

/** The processes for which each text holds; one text alone holds for all of them. */
const groupByText = (entries: readonly (readonly [AppName, string])[]): string => {
  const groups = Map.groupBy(entries, ([, text]) => text);
  if (groups.size <= 1) return entries[0]?.[1] ?? '';
  return [...groups]
    .filter(([text]) => text !== '')
    .map(([text, of]) => `${text} (${nameProcesses(of.map(([app]) => app))})`)
    .join(', ');
};

const describeRequirement = ({ needs }: Reader): string => {
  if (!needs) return '';
  if (needs.oneOf.length > 1) return `one of ${needs.oneOf.map(code).join(', ')}`;
  if (needs.providers.size === PROVIDER_NAMES.length) return 'yes';
  return [...needs.providers].map((name) => `with ${code(`PAYMENT_PROVIDER=${name}`)}`).join(', ');
};

const describe = (name: string, readers: readonly Reader[]): Variable => {
  const isSecret = SECRETS.some((secret) => secret === name);
  const eachText = (read: (reader: Reader) => string): string =>
    groupByText(readers.map((reader) => [reader.app, read(reader)]));
  const values = eachText(({ field }) => describeValues(field));
  return {
    name,
    readBy: nameProcesses(readers.map(({ app }) => app)),
    required: eachText(describeRequirement),
    values: isSecret ? `**secret**: ${values}` : values,
    default: eachText(({ field }) => {
      const value = readDefault(field);
      // The default of a secret is for development, and is refused in production.
      return isSecret || value === undefined ? '' : code(value);
    }),
  };
};

/** Describes every variable that the apps read, by its name. */
export const collectVariables = (apps: readonly AppConfig[]): ReadonlyMap<string, Variable> => {
  const readers = new Map<string, Reader[]>();
  for (const config of apps) {
    const required = findRequired(config);
    for (const [name, field] of Object.entries(config.fields)) {
      const needs = required.get(name);
      const reader = { app: config.app, field, ...(needs && { needs }) };
      readers.set(name, [...(readers.get(name) ?? []), reader]);
    }
  }
  return new Map([...readers].map(([name, of]) => [name, describe(name, of)]));
};
