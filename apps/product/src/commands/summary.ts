import type { ImportOutcome } from '../domain/catalogue-import.ts';

/** `3 added, 1 changed, 0 unchanged`. */
export const describeImport = ({ added, changed, unchanged }: ImportOutcome): string =>
  `${added} added, ${changed} changed, ${unchanged} unchanged`;
