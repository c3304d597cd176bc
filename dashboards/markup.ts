// The only way to build markup: a tagged template that escapes every value that is not markup already.

declare const safeHtmlBrand: unique symbol;

export interface SafeHtml {
  readonly [safeHtmlBrand]: true;
  readonly text: string;
}

export type MarkupValue = SafeHtml | string | number | null | undefined | false | readonly MarkupValue[];

class Markup {
  declare readonly [safeHtmlBrand]: true;
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// Control characters are not allowed in HTML even as references; a lone surrogate is not text.
const unprintable = /[^\P{Cc}\t\n\r]/gu;

function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replace(unprintable, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function write(value: MarkupValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(write).join('');
  throw new TypeError('a template was given a value that is neither text, number nor markup');
}

/** Values are escaped for text and for quoted attributes; attributes must be written in double quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): SafeHtml {
  const parts = strings.map((part, index) => part + (index < values.length ? write(values[index]) : ''));
  return new Markup(parts.join(''));
}

/** The same as `html`; the name tells readers and editors which vocabulary the text is in. */
export const svg = html;

/** A coordinate, short: two decimals are a hundredth of a pixel. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
