// Reads a rendered page as the tests need it: its text, its tags, a part of it.

import { renderSite } from '../../dashboards/render-site.ts';
import type { Language, Snapshot } from '../../functions/core/snapshot.ts';

/** Stands for SHA-256: the pages only ask that equal texts have equal digests. */
export function fakeDigest(text: string): string {
  const sum = [...text].reduce(
    (hash, character) => (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0,
    7,
  );
  return sum.toString(16).padStart(8, '0').repeat(8);
}

export function renderedPage(snapshot: Snapshot, language: Language): string {
  const path = language === 'tr' ? 'index.html' : 'en/index.html';
  const page = renderSite(snapshot, fakeDigest).find((file) => file.path === path);
  if (!page) throw new Error(`the site has no ${path}`);
  return page.content;
}

/** The section with that id, up to the end of the section. */
export function sectionOf(page: string, id: string): string {
  const start = page.indexOf(`id="${id}"`);
  if (start < 0) throw new Error(`the page has no section "${id}"`);
  return page.slice(page.lastIndexOf('<section', start), page.indexOf('</section>', start));
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

export function visibleText(markup: string): string {
  return markup
    .replaceAll(/<title>.*?<\/title>/g, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity)
    .replaceAll(/[\s\u00a0\u202f]+/g, ' ')
    .trim();
}

const voidElements = new Set(['meta', 'link', 'br', 'img', 'hr', 'input']);

/** The first tag that does not close what is open, or null: a value that broke out of its place shows here. */
export function firstUnbalancedTag(page: string): string | null {
  const open: string[] = [];
  for (const [tag, slash, name = '', rest = ''] of page.matchAll(
    /<(\/?)([a-zA-Z][\w-]*)((?:"[^"]*"|[^">])*)>/g,
  )) {
    if (slash === '/') {
      if (open.pop() !== name) return tag;
    } else if (!voidElements.has(name) && !rest.endsWith('/')) open.push(name);
  }
  return open[0] ?? null;
}
