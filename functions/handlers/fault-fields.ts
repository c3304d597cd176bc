import { DonguError, errorCode } from '../core/errors.ts';

/** Of a fault what a log may hold: messages of our own hold nothing received; those of others may. */
export function faultFields(error: unknown): Readonly<Record<string, unknown>> {
  const cause = error instanceof Error ? error.cause : undefined;
  return {
    fault: error instanceof Error ? error.name : typeof error,
    ...(error instanceof DonguError ? { text: error.message } : { place: placeOf(error) }),
    ...(cause instanceof Error ? { cause: errorCode(cause) ?? cause.name } : {}),
  };
}

/** The lines of the stack without the message above them. */
function placeOf(error: unknown): readonly string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return lines.filter((line) => /^\s+at /.test(line)).slice(0, 5);
}
