import { describe, expect, it } from '@jest/globals';
import { describeConfigRefusal } from './config-refusal.ts';

const describeLines = (...lines: string[]) =>
  describeConfigRefusal('rest', { path: '/logs/rest.log', tail: () => lines });

describe('the refusal of an app', () => {
  it('is what it wrote last of its configuration', () => {
    const first = 'The configuration is not valid:';
    expect(
      describeLines(first, '  OLD: x', '{"msg":"ok"}', first, '  A: is not set', '  B: y'),
    ).toBe("rest can't run. The configuration is not valid:\n  A: is not set\n  B: y");
  });

  it('names the log where it wrote something else', () => {
    expect(describeLines('{"msg":"ok"}')).toContain('/logs/rest.log');
  });
});
