import type { Markup } from './markup.ts';

/** The style of the page, which loads nothing. Colours follow the reader's system. */
export const PAGE_STYLE: Markup = {
  markup: `
  :root {
    color-scheme: light dark;
    --text: light-dark(#1c2024, #e6e8eb);
    --muted: light-dark(#5b6570, #9ba5b0);
    --page: light-dark(#ffffff, #14171a);
    --panel: light-dark(#f4f6f8, #1d2125);
    --line: light-dark(#d9dee3, #343a40);
    --passed: light-dark(#17703a, #5fca86);
    --failed: light-dark(#b3261e, #ff8a80);
    --skipped: light-dark(#7a5b00, #e0b84c);
  }
  body {
    margin: 0 auto; max-width: 64rem; padding: 1.5rem 1rem 4rem;
    background: var(--page); color: var(--text);
    font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
  }
  h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
  h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
  a { color: inherit; }
  code, pre { font: .85rem/1.45 ui-monospace, monospace; }
  pre {
    background: var(--panel); border-left: 3px solid var(--failed);
    margin: .5rem 0; padding: .75rem; overflow-x: auto; white-space: pre-wrap;
  }
  .muted, .ms { color: var(--muted); }
  .ms { font-variant-numeric: tabular-nums; white-space: nowrap; }
  .passed { color: var(--passed); }
  .failed { color: var(--failed); }
  .skipped { color: var(--skipped); }
  .verdict { font-size: 1.15rem; font-weight: 600; margin: .5rem 0; }
  details.story { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; }
  details.story > summary { background: var(--panel); cursor: pointer; padding: .5rem .75rem; }
  .story > :not(summary) { margin: .5rem .75rem; }
  .group { font-weight: 600; margin-top: 1rem; }
  ul, ol { margin: .25rem 0; padding-left: 1.5rem; }
  ul.tests { list-style: none; padding-left: 0; }
  ul.tests > li { border-top: 1px solid var(--line); padding: .35rem 0; }
  .steps { color: var(--muted); font-size: .9rem; }
  table { border-collapse: collapse; display: block; font-size: .85rem; overflow-x: auto; }
  th, td { border-bottom: 1px solid var(--line); padding: .15rem .75rem .15rem 0; text-align: left; }
`,
};
