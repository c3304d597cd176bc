import { vi } from 'vitest';

/** From now on keeps to itself all that this process writes and logs, until mocks are restored; what was written is in the array. */
export function captureOutput(): string[] {
  const written: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
  }
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...told) => void written.push(told.join(' ')));
  }
  return written;
}
