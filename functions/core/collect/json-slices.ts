// Finds where the parts of a JSON text begin and end, in one pass and without recursion, so that they can go on in
// their own words. It does not judge them: JSON.parse does, on each part alone.

export interface Slice {
  readonly start: number;
  /** The first index after it. */
  readonly end: number;
  /** How deep brackets nest in it; 0 of a string, number or word. */
  readonly depth: number;
}

export interface Member extends Slice {
  readonly name: string;
  /** Where its name begins. */
  readonly nameStart: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** The first index from `at` on that holds no blank. */
export function afterBlanks(text: string, at: number): number {
  let index = at;
  while (isBlank(text.charCodeAt(index))) {
    index += 1;
  }
  return index;
}

/** The index after the closing quote, or -1. A quote after an odd number of backslashes is part of the string. */
function endOfString(text: string, open: number): number {
  let from = open + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) {
      return -1;
    }
    let first = quote;
    while (text.charCodeAt(first - 1) === BACKSLASH) {
      first -= 1;
    }
    if ((quote - first) % 2 === 0) {
      return quote + 1;
    }
    from = quote + 1;
  }
}

function endOfWord(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === CLOSE_BRACKET || code === CLOSE_BRACE || isBlank(code)) {
      break;
    }
  }
  return at;
}

/** The value that begins at `start`, or undefined where its end is missing. */
export function sliceValue(text: string, start: number): Slice | undefined {
  const first = text.charCodeAt(start);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) {
    return sliceNest(text, start);
  }
  const end = first === QUOTE ? endOfString(text, start) : endOfWord(text, start);
  return end > start ? { start, end, depth: 0 } : undefined;
}

/** One step for each bracket: up, down, or none for what is no bracket. */
function stepOf(code: number): number {
  if (code === OPEN_BRACE || code === OPEN_BRACKET) {
    return 1;
  }
  return code === CLOSE_BRACE || code === CLOSE_BRACKET ? -1 : 0;
}

function sliceNest(text: string, start: number): Slice | undefined {
  let depth = 0;
  let deepest = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at);
      if (end < 0) {
        return undefined;
      }
      at = end - 1;
      continue;
    }
    depth += stepOf(code);
    deepest = depth > deepest ? depth : deepest;
    if (depth === 0) {
      return { start, end: at + 1, depth: deepest };
    }
  }
  return undefined;
}

/**
 * The members or elements between a bracket and its counterpart, as `part` reads them; undefined where the text is
 * broken. At most `limit`, and one more, so that a caller sees that there are more.
 */
function sliceParts<T extends Slice>(
  text: string,
  start: number,
  close: number,
  limit: number,
  part: (at: number) => T | undefined,
): readonly T[] | undefined {
  const parts: T[] = [];
  let at = afterBlanks(text, start + 1);
  if (text.charCodeAt(at) === close) {
    return parts;
  }
  while (parts.length <= limit) {
    const found = part(at);
    if (!found) {
      return undefined;
    }
    parts.push(found);
    at = afterBlanks(text, found.end);
    if (text.charCodeAt(at) === close) {
      return parts;
    }
    if (text.charCodeAt(at) !== COMMA) {
      return undefined;
    }
    at = afterBlanks(text, at + 1);
  }
  return parts;
}

/** The elements of the array that begins at `start`. */
export function sliceElements(text: string, start: number, limit: number): readonly Slice[] | undefined {
  return text.charCodeAt(start) === OPEN_BRACKET
    ? sliceParts(text, start, CLOSE_BRACKET, limit, (at) => sliceValue(text, at))
    : undefined;
}

/** The members of the object that begins at `start`, names without their escapes. */
export function sliceMembers(text: string, start: number, limit: number): readonly Member[] | undefined {
  return text.charCodeAt(start) === OPEN_BRACE
    ? sliceParts(text, start, CLOSE_BRACE, limit, (at) => sliceMember(text, at))
    : undefined;
}

function sliceMember(text: string, nameStart: number): Member | undefined {
  const nameEnd = text.charCodeAt(nameStart) === QUOTE ? endOfString(text, nameStart) : -1;
  if (nameEnd < 0) {
    return undefined;
  }
  const colon = afterBlanks(text, nameEnd);
  const value = text.charCodeAt(colon) === COLON ? sliceValue(text, afterBlanks(text, colon + 1)) : undefined;
  const name = value && parseJson(text.slice(nameStart, nameEnd));
  return value && typeof name === 'string' ? { ...value, name, nameStart } : undefined;
}

/** The value, or undefined where the text is no JSON (no JSON text means undefined). */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Bytes in UTF-8, without making them. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) {
      // half of a surrogate pair is two of its four bytes
      bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
    }
  }
  return bytes;
}
