import { describe, expect, it } from 'vitest';
import type { Variable } from './collect-variables.ts';
import { renderPage } from './render-page.ts';

const PORT: Variable = {
  name: 'REST_PORT',
  readBy: 'rest',
  required: 'yes',
  values: 'whole number',
  default: '`8080`',
};

const section = (comment: string) => [
  { title: 'Ports', intro: 'See docs/limits.md.', variables: [{ name: 'REST_PORT', comment }] },
];

const known = new Map([[PORT.name, PORT]]);

describe('renderPage', () => {
  it('has a row for each variable, with the first sentence of its comment', () => {
    const page = renderPage(section('The port. It is public.'), known);
    expect(page).toContain('## Ports\n\nSee [limits](../limits.md).\n\n| variable');
    expect(page).toContain('| `REST_PORT` | rest | yes | whole number | `8080` | The port. |');
  });

  it('shows names of variables as code, and nothing as HTML or emphasis', () => {
    const page = renderPage(section('As HTTP_PORT, a <port> or *, `<as it is>`.'), known);
    expect(page).toContain('As `HTTP_PORT`, a \\<port> or \\*, `<as it is>`.');
  });

  it('fails when .env.example does not name a variable', () => {
    const other = new Map([...known, ['A_SECRET', { ...PORT, name: 'A_SECRET' }]]);
    expect(() => renderPage(section('The port.'), other)).toThrow('does not name A_SECRET');
  });
});
