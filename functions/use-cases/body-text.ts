import { gunzipSync } from 'node:zlib';
import { limits } from '../core/collect/limits.ts';
import type { RequestReason } from '../core/collect/reasons.ts';
import { errorCode } from '../core/errors.ts';

/**
 * The text of a body. Unzips piece by piece and stops at the limit, so that a bomb costs no more than a body of
 * full size.
 */
export function bodyText(
  body: Uint8Array,
  encoding: 'identity' | 'gzip',
): RequestReason | { readonly text: string } {
  if (body.length > limits.requestBytes) {
    return 'request_too_large';
  }
  if (body.length === 0) {
    return 'empty_body';
  }
  const plain = encoding === 'gzip' && !isUnzippedJson(body) ? unzipped(body) : body;
  if (typeof plain === 'string') {
    return plain;
  }
  try {
    // strict: a replacement character in place of a broken one would be a silent change
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(plain) };
  } catch {
    return 'invalid_utf8';
  }
}

const [OBJECT, LIST] = [0x7b, 0x5b];

/** A gateway that unzips what it passes on leaves the header as it was. Nothing zipped begins like JSON. */
const isUnzippedJson = ([first]: Uint8Array): boolean => first === OBJECT || first === LIST;

/** How every zipped body begins, and what is left of that when its bytes are read as UTF-8. */
const ZIPPED_AS_TEXT = Buffer.from('\u001f\ufffd');

function unzipped(body: Uint8Array): RequestReason | Uint8Array {
  if (ZIPPED_AS_TEXT.equals(body.subarray(0, ZIPPED_AS_TEXT.length))) {
    return 'gzip_as_text';
  }
  try {
    return gunzipSync(body, { maxOutputLength: limits.requestBytes });
  } catch (error) {
    return errorCode(error) === 'ERR_BUFFER_TOO_LARGE' ? 'request_too_large' : 'broken_gzip';
  }
}
