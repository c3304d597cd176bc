import type { Telemetry } from '../ports/telemetry.ts';

/** Progress for a person, on standard error, so that standard output holds results only. */
export function consoleTelemetry(stream: NodeJS.WriteStream = process.stderr): Telemetry {
  const isTerminal = stream.isTTY === true;
  let isStepShown = false;
  const clear = (): void => {
    if (isStepShown) {
      stream.write('\r\u001b[2K');
      isStepShown = false;
    }
  };
  return {
    step: (text) => {
      if (isTerminal) {
        clear();
        stream.write(`  … ${text}`);
        isStepShown = true;
      }
    },
    done: (text) => {
      clear();
      stream.write(`  ✓ ${text}\n`);
    },
    warn: (text) => {
      clear();
      stream.write(`  ! ${text}\n`);
    },
  };
}

export const silentTelemetry: Telemetry = { step: () => {}, done: () => {}, warn: () => {} };
