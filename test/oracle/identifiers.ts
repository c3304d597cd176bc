import { type Identifier, identifierTypes, type SourceLine } from './types.ts';
import { lowerByCodePoint } from './values.ts';

/** The values that the design names; the product's list is longer, and worlds use none of its others. */
const blockedValues = new Set(['0', 'null', 'anonymous']);

/** E.164, a number without a country being Turkish; what is no phone number is no identifier. */
export function normalisePhone(text: string): string | undefined {
  const digits = text.replaceAll(/\D/g, '');
  if (text.trim().startsWith('+')) return `+${digits}`;
  if (digits.startsWith('00')) return `+${digits.slice(2)}`;
  if (digits.length === 11 && digits.startsWith('0')) return `+90${digits.slice(1)}`;
  return digits.length === 10 ? `+90${digits}` : undefined;
}

export function normaliseEmail(text: string): string {
  return lowerByCodePoint(text.trim().normalize('NFC'));
}

/** The identifiers that a line gives. The earlier identifier of an alias row is an anonymous one. */
export function identifiersOf(values: SourceLine): Identifier[] {
  const given = identifierTypes.map((type) => ({ type, value: normalise(type, values[type]) }));
  const previous = { type: 'anonymous_id' as const, value: values.previous_id };
  return [...given, previous].filter(
    (identifier): identifier is Identifier =>
      typeof identifier.value === 'string' &&
      identifier.value !== '' &&
      !blockedValues.has(identifier.value.toLowerCase()),
  );
}

function normalise(type: Identifier['type'], text: string | null): string | null | undefined {
  if (text === null || blockedValues.has(text.trim().toLowerCase())) return null;
  if (type === 'email') return normaliseEmail(text);
  if (type === 'phone') return normalisePhone(text);
  return text;
}

/** A user id of this shape is personal, so the warehouse keeps its hash: its text cannot be compared. */
export function isPersonalShape(userId: string): boolean {
  return /^\S+@\S+\.\S+$/.test(userId) || /^\+?\d[\d ]{9,}$/.test(userId);
}
