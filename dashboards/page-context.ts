// What every part of a page is given: the language with its texts, and how to reach the published files.
import {
  formatCompactCount,
  formatCompactMoney,
  formatNumber,
  formatRatio,
} from '../functions/core/format/number-format.ts';
import type { Language, LocalisedText, Manifest } from '../functions/core/snapshot.ts';
import { type Messages, messages } from './messages.ts';

export interface PageContext {
  readonly language: Language;
  readonly text: Messages;
  readonly manifest: Manifest;
  /** From the page to the root of the site: `` or `../`. */
  readonly root: string;
}

export function pageContext(language: Language, manifest: Manifest, root: string): PageContext {
  return { language, text: messages[language], manifest, root };
}

export const noValueSign = '—';

export function inLanguage(text: LocalisedText, context: PageContext): string {
  return text[context.language];
}

export function countText(value: number | null, context: PageContext): string {
  return value === null ? noValueSign : formatCompactCount(value, context.language);
}

export function moneyText(minorUnits: number | null, context: PageContext): string {
  return minorUnits === null
    ? noValueSign
    : formatCompactMoney(minorUnits, context.manifest.currency, context.language);
}

export function ratioText(value: number | null, context: PageContext, digits = 1): string {
  return value === null ? noValueSign : formatRatio(value, context.language, digits);
}

export function decimalText(value: number | null, context: PageContext, digits: number): string {
  return value === null ? noValueSign : formatNumber(value, context.language, digits);
}
