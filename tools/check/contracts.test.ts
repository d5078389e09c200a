import { readFileSync } from 'node:fs';
import { problemCatalogue, problemTypeName, type ProblemCode } from '@cartograph/errors';
import { readAccessRules } from '@cartograph/subgraph';
import { describe, expect, it } from 'vitest';
import { Kind, parse } from 'graphql';
import { SERVICES } from '../services.ts';

describe('the contract of the', () => {
  const readSchema = (name: string) =>
    parse(readFileSync(new URL(`../../apps/${name}/schema.graphql`, import.meta.url), 'utf8'));

  it.each(SERVICES)('%s subgraph has a rule for every root field and every entity', (name) => {
    const document = readSchema(name);
    const coordinates = readAccessRules(document).map((rule) => rule.coordinate);
    for (const node of document.definitions) {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
      if (node.name.value === 'Query' || node.name.value === 'Mutation') {
        const fields = node.fields?.map((field) => `${node.name.value}.${field.name.value}`) ?? [];
        expect(coordinates).toEqual(expect.arrayContaining(fields));
      }
    }
    expect(coordinates.length).toBeGreaterThan(3);
  });

  it.each(SERVICES)('%s subgraph hides from clients what only services may call', (name) => {
    const document = readSchema(name);
    const services = readAccessRules(document).filter((rule) => rule.access === 'SERVICE');
    const hidden = document.definitions.flatMap((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION
        ? (node.fields ?? [])
            .filter((field) => field.directives?.some(({ name }) => name.value === 'inaccessible'))
            .map((field) => `${node.name.value}.${field.name.value}`)
        : [],
    );
    expect(services.map((rule) => rule.coordinate).sort()).toEqual(hidden.sort());
  });

  it('whole shop has a type for every problem of the catalogue, and no other', () => {
    const types = SERVICES.flatMap((name) => readSchema(name).definitions)
      .filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION)
      .filter((node) => node.interfaces?.some((of) => of.name.value === 'Problem'))
      .map((node) => node.name.value);
    const codes = Object.keys(problemCatalogue) as ProblemCode[];
    expect(new Set(types)).toEqual(new Set(codes.map(problemTypeName)));
  });
});
