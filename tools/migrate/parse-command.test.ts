import { describe, expect, it } from '@jest/globals';

import { parseCommand } from './parse-command.ts';

describe('parseCommand', () => {
  it('takes no service for all of them', () => {
    const services = ['user', 'product', 'order', 'payment'];
    expect(parseCommand(['deploy'])).toEqual({ kind: 'deploy', services });
    expect(parseCommand(['check'])).toEqual({ kind: 'check', services });
  });

  it('keeps the order of the services and counts each once', () => {
    const command = { kind: 'deploy', services: ['user', 'order'] };
    expect(parseCommand(['deploy', 'order', 'user', 'order'])).toEqual(command);
  });

  it('reads the service and the name of a new migration', () => {
    const command = { kind: 'new', service: 'order', name: 'add_note' };
    expect(parseCommand(['new', 'order', 'add_note'])).toEqual(command);
  });

  it.each([
    [[], 'no command'],
    [['reset'], 'unknown command: reset'],
    [['deploy', 'shop'], 'unknown service: shop'],
    [['new', 'order'], 'new takes a service and a name'],
    [['new', 'order', 'a', 'b'], 'new takes a service and a name'],
    [['new', 'shop', 'a'], 'unknown service: shop'],
    [['new', 'order', 'AddNote'], 'not snake_case: AddNote'],
  ])('says what is wrong with %j', (words, problem) => {
    expect(parseCommand(words)).toEqual({ kind: 'usage', problem });
  });
});
