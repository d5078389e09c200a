import { describe, expect, it } from 'vitest';
import { readMarks } from './promises.ts';

const marksOf = (sql: string) => readMarks({ name: '20270101000000_a', sql });

describe('the marks of a migration', () => {
  it('are comment lines of their own', () => {
    expect(marksOf('-- @works-without\nSELECT 1;\n')).toEqual(['works-without']);
    expect(marksOf('-- A table.\n-- @stops-services\nDROP TABLE a;\n')).toEqual(['stops-services']);
    expect(marksOf("-- An address such as a @ b.\nSELECT '-- @works-without';\n")).toEqual([]);
  });

  it('may not be misspelt', () => {
    expect(() => marksOf('-- @work-without\n')).toThrow('there is no mark @work-without');
  });
});
