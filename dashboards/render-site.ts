// From a snapshot to the files of the site. The same snapshot gives the same bytes.
import type { Language, Snapshot } from '../functions/core/snapshot.ts';
import { renderPage } from './page.ts';
import { pageContext } from './page-context.ts';
import { styleSheet } from './style-sheet.ts';

export interface SiteFile {
  readonly path: string;
  readonly contentType: string;
  readonly content: string;
  /** Mutable files are replaced by each publication; the others are named by their content. */
  readonly mutable: boolean;
}

const languages: readonly Language[] = ['tr', 'en'];
const digestLength = 16;

/**
 * Each language has its page at an address of its own, whatever comes first; `index.html` is the first one's.
 *
 * @param digest SHA-256 of a text (as UTF-8) in hexadecimal; its first 16 digits name the style sheet.
 */
export function renderSite(
  snapshot: Snapshot,
  digest: (text: string) => string,
  first: Language = 'tr',
): readonly SiteFile[] {
  const style = styleSheet();
  const stylePath = `a/app.${digest(style).slice(0, digestLength)}.css`;
  const page = (language: Language, folder: string): SiteFile => ({
    path: `${folder}index.html`,
    contentType: 'text/html; charset=utf-8',
    content: renderPage(
      snapshot,
      stylePath,
      pageContext(language, snapshot.manifest, folder === '' ? '' : '../'),
    ),
    mutable: true,
  });
  // immutable files first: a page must never name a style sheet that is not there yet
  return [
    { path: stylePath, contentType: 'text/css; charset=utf-8', content: style, mutable: false },
    page(first, ''),
    ...languages.map((language) => page(language, `${language}/`)),
  ];
}
