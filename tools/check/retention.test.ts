import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..', '..');

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const rows = read('docs/operations/retention.md')
  .split('\n')
  .filter((line) => /^\| \w+ +\| `/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));

describe('the document of what is kept', () => {
  it('has every table of every service', () => {
    const tables = globSync('prisma/*/schema.prisma', { cwd: root }).flatMap((file) => {
      const service = file.split('/')[1];
      return [...read(file).matchAll(/^model [^}]*@@map\("(\w+)"\)/gm)].map(
        ([, table]) => `${service} ${table}`,
      );
    });
    expect(tables.length).toBeGreaterThan(20);
    expect(rows.map(([, service, table]) => `${service} ${table}`).toSorted()).toEqual(
      tables.toSorted(),
    );
  });

  it('names a variable that there is for each table that is purged, and for no other', () => {
    const variables = new Set(
      [...read('.env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name),
    );
    for (const [, service, table, deleted, , variable = ''] of rows) {
      const isPurged = !/^never/.test(deleted ?? '');
      expect([service, table, variables.has(variable)]).toEqual([service, table, isPurged]);
    }
  });
});
