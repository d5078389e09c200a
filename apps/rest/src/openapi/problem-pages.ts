import { createHash } from 'node:crypto';
import { advice } from '@cartograph/errors';
import { problemSlug } from '../problems/problem-body.ts';
import { sentenceOf, statuses, type Code } from '../problems/problem-error.ts';
import { problemMembers } from './problem-schemas.ts';

const STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}' +
  'code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}dt{margin-top:.5rem}' +
  '@media(prefers-color-scheme:dark){body{background:#111;color:#eee}a{color:#9cf}}';

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Allows the style of the pages, and nothing else. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const escape = (text: string): string => text.replace(/[&<>]/g, (mark) => ESCAPES[mark] ?? mark);

/** Text of which parts are `code`. */
const toHtml = (text: string): string => escape(text).replace(/`([^`]+)`/g, '<code>$1</code>');

const renderPage = (title: string, body: string): string =>
  `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
<style>${STYLE}</style>
<h1>${escape(title)}</h1>
${body}
`;

const renderMembers = (code: Code): string => {
  const rows = problemMembers(code).map(
    ({ name, description }) =>
      `<dt><code>${escape(name)}</code></dt><dd>${toHtml(description)}</dd>`,
  );
  return rows.length === 0 ? '' : `<h2>Members of its own</h2>\n<dl>${rows.join('\n')}</dl>\n`;
};

/** The page of one code: what it means, and what a client should do. */
export const renderProblemPage = (code: Code): string =>
  renderPage(
    code,
    `<p>${toHtml(sentenceOf(code))} The HTTP status is ${statuses[code]}.</p>
<h2>What to do</h2>
<p>${toHtml(advice[code])}</p>
${renderMembers(code)}<p><a href="/problems">All problems</a> · <a href="/docs">The API</a></p>`,
  );

/** The list of all codes. */
export const renderProblemList = (): string => {
  const rows = (Object.keys(statuses) as Code[]).map(
    (code) =>
      `<dt><a href="/problems/${problemSlug(code)}">${code}</a></dt><dd>${statuses[code]}: ${toHtml(sentenceOf(code))}</dd>`,
  );
  return renderPage('Problems of the Cartograph REST API', `<dl>${rows.join('\n')}</dl>`);
};
