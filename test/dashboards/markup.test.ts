import { describe, expect, it } from 'vitest';
import { html, round } from '../../dashboards/markup.ts';

describe('html', () => {
  it('escapes every value that is not markup', () => {
    expect(html`<p title="${`"x" 'y'`}">${'<script>&'}</p>`.text).toBe(
      '<p title="&quot;x&quot; &#39;y&#39;">&lt;script&gt;&amp;</p>',
    );
  });

  it('keeps markup, joins lists and leaves out what is absent', () => {
    expect(html`<ul>${[html`<li>${1}</li>`, html`<li>a</li>`]}${null}${undefined}${false}</ul>`.text).toBe(
      '<ul><li>1</li><li>a</li></ul>',
    );
  });

  it('does not take an object that only looks like markup', () => {
    const forged = JSON.parse('{"text":"<script>"}');

    expect(() => html`${forged}`).toThrow(TypeError);
  });

  it('replaces control characters and lone surrogates', () => {
    expect(html`${'a\u0000b\ud800c\nd'}`.text).toBe('a\ufffdb\ufffdc\nd');
  });
});

describe('round', () => {
  it('keeps two decimals', () => {
    expect(round(1 / 3)).toBe(0.33);
  });
});
