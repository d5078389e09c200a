import { isMigrationName } from './migration-files.ts';
import { isService } from './service.ts';
import { SERVICES, type ServiceName } from '../services.ts';

/** What the command line asks for; `usage` says what is wrong with it. */
export type Command =
  | { readonly kind: 'deploy'; readonly services: readonly ServiceName[] }
  | { readonly kind: 'check'; readonly services: readonly ServiceName[] }
  | { readonly kind: 'new'; readonly service: ServiceName; readonly name: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly problem: string };

export const USAGE = `usage: node tools/migrate/main.ts deploy [service...]
       node tools/migrate/main.ts new <service> <name>
       node tools/migrate/main.ts check [service...]
services: ${SERVICES.join(', ')}`;

/** Reads the words after `main.ts`; no service means all of them. Never throws. */
export function parseCommand(words: readonly string[]): Command {
  const [option] = words.filter((word) => word.startsWith('-'));
  if (option === '--help' || option === '-h') return { kind: 'help' };
  if (option !== undefined) return usage(`unknown option: ${option}`);
  const [kind, ...rest] = words;
  switch (kind) {
    case 'deploy':
    case 'check':
      return parseServices(kind, rest);
    case 'new':
      return parseNew(rest);
    case undefined:
      return usage('no command');
    default:
      return usage(`unknown command: ${kind}`);
  }
}

function parseServices(kind: 'deploy' | 'check', words: readonly string[]): Command {
  const unknown = words.filter((word) => !isService(word));
  if (unknown.length > 0) {
    return usage(`unknown service: ${unknown.join(', ')}`);
  }
  const services = SERVICES.filter((service) => words.length === 0 || words.includes(service));
  return { kind, services };
}

function parseNew(words: readonly string[]): Command {
  const [service, name, ...rest] = words;
  if (service === undefined || name === undefined || rest.length > 0) {
    return usage('new takes a service and a name');
  }
  if (!isService(service)) {
    return usage(`unknown service: ${service}`);
  }
  if (!isMigrationName(name)) {
    return usage(`not snake_case: ${name}`);
  }
  return { kind: 'new', service, name };
}

function usage(problem: string): Command {
  return { kind: 'usage', problem };
}
