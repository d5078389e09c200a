import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listStoryFiles } from './story-files.ts';

const files = listStoryFiles();
const anywhere = files.filter(({ localReason }) => localReason === null);

/** What only a shop on this machine has: its ports, its folder, its spans, its secrets, its processes. */
const LOCAL_ONLY =
  /E2E_(?!GRAPH_URL|REST_URL)|testkit\/(?:start-shop|processes|traces|otlp-receiver|documents|metrics|webhooks)/;

/** They need accounts of the demo or leave products behind, which their texts do not show. */
const UNSEEN = [
  'contract',
  'docs-page',
  'explorers',
  'graph-generators',
  'http-files',
  'curl-examples',
  'remote-run',
  'rest-clients',
];

describe('the files of stories', () => {
  it('have names of their own, and are on both sides', () => {
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
    expect(files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['scenarios', 'purchase', 'tracing', 'lifecycle']),
    );
    expect(anywhere.length).toBeGreaterThan(10);
  });

  it.each(anywhere)('$name needs only public addresses', ({ file }) => {
    expect(readFileSync(file, 'utf8')).not.toMatch(LOCAL_ONLY);
  });

  it.each(files.filter(({ localReason }) => localReason !== null))(
    '$name says why it is local, and needs something that is',
    ({ file, name, localReason }) => {
      expect(localReason).toMatch(/^\S.{10,100}\S$/);
      if (!UNSEEN.includes(name)) expect(readFileSync(file, 'utf8')).toMatch(LOCAL_ONLY);
    },
  );
});
