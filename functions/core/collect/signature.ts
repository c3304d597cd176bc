import { limits } from './limits.ts';
import type { RequestReason } from './reasons.ts';

export interface SignatureHeaders {
  readonly timestamp: string;
  /** Lower-case hexadecimal digits; several while a secret is replaced. */
  readonly signatures: readonly string[];
}

/** Reads `X-Dongu-Timestamp: 1782864000` and `X-Dongu-Signature: v1=HEX[,v1=HEX]`. */
export function readSignature(
  timestamp: string | undefined,
  signature: string | undefined,
): SignatureHeaders | RequestReason {
  if (timestamp === undefined || signature === undefined) {
    return 'missing_signature';
  }
  const signatures = signature
    .split(',', 5)
    .map((part) => part.trim())
    .filter((part) => /^v1=[0-9a-f]{64}$/i.test(part))
    .map((part) => part.slice(3).toLowerCase());
  return /^\d{1,12}$/.test(timestamp) && signatures.length > 0
    ? { timestamp, signatures }
    : 'invalid_signature';
}

export function isFresh(timestamp: string, now: Date): boolean {
  return Math.abs(now.getTime() / 1000 - Number(timestamp)) <= limits.signatureSeconds;
}
