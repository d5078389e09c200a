import { expect, it } from 'vitest';
import { parseStatus } from './parse-status.ts';

it('the state of each replica is read from the table of haproxy', () => {
  const csv = `# pxname,svname,qcur,status,weight
user,user-1,0,UP,1
user,user-2,0,DOWN,1
user,BACKEND,0,UP,1
`;
  const states = parseStatus(csv);
  expect(states.get('user-1')).toBe('UP');
  expect(states.get('user-2')).toBe('DOWN');
  expect(states.get('user-3')).toBeUndefined();
});
