import { describe, expect, it } from 'vitest';
import { DEMO_PASSWORD_VARIABLES } from './demo-passwords.ts';
import { readSettings } from './settings.ts';
import { describeShop } from './summary.ts';

const PASSWORDS = Object.fromEntries(DEMO_PASSWORD_VARIABLES.map((name) => [name, 'secret']));

const describeAt = (HOST: string): string => {
  const details = { logDir: 'logs', readyMs: 1, prometheus: null };
  return describeShop(readSettings({ HOST }, '/repo'), PASSWORDS, details);
};

describe('the summary of npm start', () => {
  it.each([
    ['127.0.0.1', 'localhost'],
    ['0.0.0.0', 'localhost'],
    ['192.168.1.2', '192.168.1.2'],
    ['::1', '[::1]'],
    ['fd00::1', '[fd00::1]'],
  ])('prints addresses that can be opened, at %s', (host, shown) => {
    const text = describeAt(host);
    expect(text).toContain(`Apollo Sandbox  http://${shown}:4000/graphql\n`);
    expect(text).toContain(`curl ${shown}:8080/v1/products\n`);
  });
});
