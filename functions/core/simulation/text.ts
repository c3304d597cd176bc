import { below, itemAt, type Random } from './random.ts';

// Letters only, so that no run of digits in an id can be read as a phone number.
const idLetters = 'bcdfghjkmnpqrstv';

export function letterId(random: Random, length: number): string {
  let text = '';
  for (let index = 0; index < length; index += 1) text += idLetters[below(random, idLetters.length)];
  return text;
}

/** A number as letters, always the same for the same number: `letterCode(17)` is `cc`. */
export function letterCode(value: number): string {
  let text = '';
  let rest = value;
  do {
    text = itemAt([...idLetters], rest % idLetters.length) + text;
    rest = Math.floor(rest / idLetters.length);
  } while (rest > 0);
  return text;
}

/** Integer kuruş as lira with a dot: 124990 is `1249.90`. */
export function money(kurus: number): string {
  const lira = Math.floor(kurus / 100);
  const rest = kurus - lira * 100;
  return rest < 10 ? `${lira}.0${rest}` : `${lira}.${rest}`;
}

/** Integer kuruş in Turkish notation: 124990 is `1.249,90`. */
export function turkishMoney(kurus: number): string {
  const [lira = '0', rest = '00'] = money(kurus).split('.');
  return `${lira.replace(/\B(?=(\d{3})+$)/g, '.')},${rest}`;
}

/** Quotes a value of a CSV file where its content needs it; edge spaces are quoted to survive any reader. */
export function csvText(value: string): string {
  return /[",\n\r]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

const ascii: Readonly<Record<string, string>> = {
  ç: 'c',
  ğ: 'g',
  ı: 'i',
  ö: 'o',
  ş: 's',
  ü: 'u',
  â: 'a',
};

export function lowerTurkish(text: string): string {
  return text.replaceAll('I', 'ı').replaceAll('İ', 'i').toLowerCase();
}

export function foldTurkish(text: string): string {
  return lowerTurkish(text).replace(/[çğıöşüâ]/g, (letter) => ascii[letter] ?? letter);
}
