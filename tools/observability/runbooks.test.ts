import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DASHBOARDS } from './dashboards.ts';
import { isAlert, readRules } from './read-rules.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const page = readFileSync(path.join(root, 'docs/operations/alerts.md'), 'utf8');

/** Sections that are about no alert. */
const OTHERS = ['Where to look', 'Objectives'];

const sections = page
  .split(/^## /m)
  .slice(1)
  .map((section) => ({ name: section.slice(0, section.indexOf('\n')), text: section }))
  .filter(({ name }) => !OTHERS.includes(name));

describe('the runbooks', () => {
  it('are one for each alert', () => {
    const alerts = readRules().filter(isAlert);
    const names = alerts.map(({ alert }) => alert);
    expect(sections.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  });

  it.each(sections)(
    '$name says what it means, how to confirm it, what to do, and when it is over',
    ({ text }) => {
      const steps = Array.from(text.matchAll(/^- \*\*([^*]+?)\.?\*\*/gm), ([, step]) => step);
      expect(steps).toEqual(['Means', 'Confirm', 'Act', 'Over when']);
    },
  );

  it('name panels and dashboards that exist', () => {
    const titles = DASHBOARDS.flatMap(({ title, rows }) => [
      title,
      ...rows.flatMap((row) => [row.title, ...row.panels.map((panel) => panel.title)]),
    ]);
    const flat = page.replaceAll(/\s+/g, ' ');
    const named = [...flat.matchAll(/"([A-Z][^"]+)"|`(Cartograph: \w+)`/g)];
    const names = named.map(([, panel, title]) => panel ?? title ?? '');
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !titles.includes(name))).toEqual([]);
  });
});
