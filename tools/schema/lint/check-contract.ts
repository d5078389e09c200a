import { Kind, visit, type ASTNode, type ConstDirectiveNode } from 'graphql';
import { HIDDEN_TAGS } from '../../compose/public-contract.ts';
import { lineOf, type Convention, type Fault } from './fault.ts';
import { fieldsIn, findDirective } from './schema-nodes.ts';

/** The value of an argument of a directive: a name or a text. */
const valueOf = (directive: ConstDirectiveNode | undefined, argument: string): string | null => {
  const value = directive?.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === Kind.ENUM || value?.kind === Kind.STRING ? value.value : null;
};

/** What hides from the public contract what only some callers may read. */
const HIDES = [
  {
    access: 'ADMIN',
    mark: '@tag(name: "admin")',
    isMark: (directive: ConstDirectiveNode) =>
      directive.name.value === 'tag' && valueOf(directive, 'name') === 'admin',
  },
  {
    access: 'SERVICE',
    mark: '@inaccessible',
    isMark: (directive: ConstDirectiveNode) => directive.name.value === 'inaccessible',
  },
] as const;

/**
 * What only administrators or services may read is hidden from the public contract, and there is no tag
 * that hides nothing: a typing mistake would make it public.
 */
export const checkContract: Convention = (document) => {
  const faults: Fault[] = [];
  const report = (node: ASTNode, message: string): void =>
    void faults.push({ line: lineOf(node), rule: 'contract', message });

  const types = document.definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION);
  for (const { coordinate, node } of [
    ...fieldsIn(document).map(({ coordinate, field }) => ({ coordinate, node: field })),
    ...types.map((type) => ({ coordinate: type.name.value, node: type })),
  ]) {
    const access = valueOf(findDirective(node, 'auth'), 'requires');
    const hide = HIDES.find((one) => one.access === access);
    if (hide && !(node.directives ?? []).some(hide.isMark)) {
      report(node, `${coordinate} requires ${access} and would be public: add ${hide.mark}`);
    }
  }
  visit(document, {
    Directive: (node) => {
      const tag = node.name.value === 'tag' ? valueOf(node as ConstDirectiveNode, 'name') : null;
      if (tag !== null && !HIDDEN_TAGS.includes(tag)) {
        report(node, `@tag(name: "${tag}") hides nothing; tags are ${HIDDEN_TAGS.join(', ')}`);
      }
    },
  });
  return faults;
};
