import { familyNames, givenNames } from './names.ts';
import { rates } from './parameters.ts';
import { chance, createRandom, itemAt, pick, type Random } from './random.ts';
import { foldTurkish, letterId, lowerTurkish } from './text.ts';

export const identifierTypes = [
  'user_id',
  'anonymous_id',
  'email',
  'phone',
  'loyalty_id',
  'device_id',
] as const;
export type IdentifierType = (typeof identifierTypes)[number];

/** An identifier in the spellings in which files carry it; the first is the usual one. */
export interface Spellings {
  readonly type: IdentifierType;
  readonly forms: readonly string[];
  /** Bit n is set once form n was written to a file; the truth lists only those. */
  written: number;
}

export interface Identity {
  readonly fullName: string;
  readonly userId: Spellings;
  readonly webId: Spellings;
  readonly appId: Spellings;
  readonly deviceId: Spellings;
  readonly loyaltyId: Spellings;
  readonly email: Spellings;
  /** The address that a marketplace hands over in place of the person's own. */
  readonly relayEmail: Spellings;
  readonly phone: Spellings;
  /** Whose number it is; another person's where a family shares one. */
  readonly phoneOwner: number;
}

const mailDomains = ['posta.example', 'ornek.example', 'eposta.example', 'kutu.example'] as const;

function spell(type: IdentifierType, ...forms: readonly string[]): Spellings {
  return { type, forms, written: 0 };
}

/** Upper case that a case-insensitive reader brings back: a dotless ı has no capital that comes back as ı. */
function upperMail(text: string, dottedCapital: string): string {
  return text.replace(/[^ı]/g, (letter) => (letter === 'i' ? dottedCapital : letter.toUpperCase()));
}

function spellMail(random: Random, name: string, suffix: string): Spellings {
  const isTurkish = chance(random, rates.e_mail_with_turkish_letters);
  const local = (isTurkish ? lowerTurkish(name) : foldTurkish(name)).replace(' ', '.');
  const mail = `${local}.${suffix}@${pick(random, mailDomains)}`;
  const capitalised = mail.replace(/^[^ıi]/, (letter) => letter.toUpperCase());
  const shouted = upperMail(mail, isTurkish ? 'İ' : 'I');
  const forms = [mail, capitalised, shouted, ` ${mail} `];
  // one keyboard in three writes ş as s and a cedilla: the same text only after normalisation (NFC)
  if (isTurkish && mail.normalize('NFD') !== mail) forms.push(mail.normalize('NFD'));
  return spell('email', ...new Set(forms));
}

// Area codes 500, 502 and 503 are, as far as we know, given to no Turkish operator: nobody's number is printed.
const phonesPerCode = 10_000_000;
const phoneCodes = ['500', '502', '503'] as const;

/** Ten digits, different for every owner below thirty million: the odd factor walks through all numbers of a code. */
export function phoneDigits(owner: number): string {
  const code = itemAt(phoneCodes, Math.floor(owner / phonesPerCode));
  const number = ((owner % phonesPerCode) * 6_180_339 + 2_718_281) % phonesPerCode;
  return code + String(number).padStart(7, '0');
}

function spellPhone(owner: number, favourite: number): Spellings {
  const digits = phoneDigits(owner);
  const area = digits.slice(0, 3);
  const head = digits.slice(3, 6);
  const spaced = `${head} ${digits.slice(6, 8)} ${digits.slice(8)}`;
  const forms = [
    `0${area} ${spaced}`,
    `+90${digits}`,
    digits,
    `(0${area}) ${digits.slice(3)}`,
    `+90 ${area} ${spaced}`,
  ];
  return spell('phone', ...forms.slice(favourite), ...forms.slice(0, favourite));
}

/** The person before may be family: then both give the same number. */
function ownerOfPhone(seed: number, index: number): number {
  if (index % 2 === 0) return index;
  return chance(createRandom(seed, -1 - index), rates.shares_phone * 2) ? index - 1 : index;
}

export interface IdentityOptions {
  readonly seed: number;
  readonly index: number;
  readonly isPure: boolean;
}

export function createIdentity(random: Random, { seed, index, isPure }: IdentityOptions): Identity {
  const fullName = `${pick(random, givenNames)} ${pick(random, familyNames)}`;
  const suffix = `k${index.toString(36)}`;
  const code = index.toString(36);
  const phoneOwner = isPure ? index : ownerOfPhone(seed, index);
  return {
    fullName,
    userId: spell('user_id', `u-${code}`),
    webId: spell('anonymous_id', `an-${letterId(random, 8)}-${code}w`),
    appId: spell('anonymous_id', `an-${letterId(random, 8)}-${code}m`),
    deviceId: spell('device_id', `dv-${letterId(random, 8)}-${code}`),
    loyaltyId: spell('loyalty_id', `LY-${code.toUpperCase()}`),
    email: spellMail(random, fullName, suffix),
    relayEmail: spell('email', `mp-${code}@pazaryeri.example`),
    phone: spellPhone(phoneOwner, index % 5),
    phoneOwner,
  };
}

/** The usual spelling, marked as written. */
export function write(spellings: Spellings): string {
  spellings.written |= 1;
  return itemAt(spellings.forms, 0);
}

/** Mostly the usual spelling, now and then another one; marked as written. */
export function writeLoosely(random: Random, spellings: Spellings): string {
  if (!chance(random, rates.e_mail_other_spelling)) return write(spellings);
  const form = Math.floor(random.next() * spellings.forms.length);
  spellings.written |= 1 << form;
  return itemAt(spellings.forms, form);
}
