import { describe, expect, it } from 'vitest';
import { markup } from './markup.ts';

describe('markup', () => {
  it('escapes texts, in elements and in attributes', () => {
    const hostile = `</pre><script>alert("1" + '2')</script>&amp;`;
    expect(markup`<p title="${hostile}">${hostile}</p>`.markup).toBe(
      '<p title="&lt;/pre&gt;&lt;script&gt;alert(&quot;1&quot; + &#39;2&#39;)&lt;/script&gt;&amp;amp;">' +
        '&lt;/pre&gt;&lt;script&gt;alert(&quot;1&quot; + &#39;2&#39;)&lt;/script&gt;&amp;amp;</p>',
    );
  });

  it('inserts markup and lists of it once, and null as nothing', () => {
    const items = ['a&b', 'c'].map((text) => markup`<li>${text}</li>`);
    expect(markup`<ul>${items}${null}${markup`<li>${7}</li>`}</ul>`.markup).toBe(
      '<ul><li>a&amp;b</li><li>c</li><li>7</li></ul>',
    );
  });

  it('replaces what neither XML nor HTML can contain', () => {
    expect(markup`${'tea\0pot \u001b[31m \ud800 \u{1f375}\n\t'}`.markup).toBe(
      'tea\ufffdpot \ufffd[31m \ufffd \u{1f375}\n\t',
    );
  });
});
