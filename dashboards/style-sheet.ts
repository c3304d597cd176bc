// The style sheet: palette as custom properties, then rules. Breakpoints are for screens only, so that
// paper always gets the wide layout in the light palette.
import { dark, light, type Palette } from './palette.ts';
import { stageRules } from './stage-style-rules.ts';
import { chartRules, componentRules, layoutRules, printRules, variantRules } from './style-rules.ts';

function properties(palette: Palette): string {
  const { stages, sequence, onSequence, ...roles } = palette;
  const named = Object.entries(roles).map(([role, colour]) => `--${role}:${colour}`);
  const stageSteps = stages.map((colour, index) => `--st${index + 1}:${colour}`);
  const steps = sequence.map((colour, index) => `--s${index + 1}:${colour}`);
  const inks = onSequence.map((colour, index) => `--i${index + 1}:${colour}`);
  return [...named, ...stageSteps, ...steps, ...inks].join(';');
}

function stepRules(): string {
  return [1, 2, 3, 4, 5]
    .map(
      (step) =>
        `.s${step}{fill:var(--s${step})}.q${step}{background-color:var(--s${step});color:var(--i${step})}.on${step} text{fill:var(--i${step})}.q${step}.hatch{background-color:transparent;color:var(--ink);outline:1.5px solid var(--s${step});outline-offset:-2px}`,
    )
    .join('\n');
}

function stageColourRules(): string {
  return [1, 2, 3, 4, 5, 6].map((rank) => `.st${rank}{fill:var(--st${rank})}`).join('\n');
}

export function styleSheet(): string {
  return [
    `:root{color-scheme:light;${properties(light)}}`,
    `@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;${properties(dark)}}}`,
    layoutRules,
    componentRules,
    chartRules,
    stepRules(),
    stageColourRules(),
    stageRules,
    variantRules,
    printRules,
  ]
    .map((part) => part.trim())
    .join('\n')
    .concat('\n');
}
