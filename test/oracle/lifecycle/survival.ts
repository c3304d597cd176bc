/** How long something was watched, and whether it ended in the event or only the watching did. */
export type Observation = { readonly duration: number; readonly isEvent: boolean };

type Step = { readonly at: number; readonly survival: number };

/**
 * The Kaplan–Meier estimate: at each time with events, S falls by the events among those still watched. "Events before
 * censorings at equal times": who is censored at that very time still counts as watched.
 */
function stepsOf(observations: readonly Observation[]): Step[] {
  const times = new Set(observations.filter(({ isEvent }) => isEvent).map(({ duration }) => duration));
  let survival = 1;
  return [...times]
    .sort((a, b) => a - b)
    .map((at) => {
      const watched = observations.filter(({ duration }) => duration >= at).length;
      const ended = observations.filter(({ duration, isEvent }) => isEvent && duration === at).length;
      survival *= (watched - ended) / watched;
      return { at, survival };
    });
}

/** S(t), "carried flat after the last observation". */
export function survivalAt(observations: readonly Observation[], t: number): number {
  return stepsOf(observations).findLast(({ at }) => at <= t)?.survival ?? 1;
}

const tolerance = 1e-9;

/**
 * "The smallest t with S(t) < 0.5; where S equals 0.5 (within 1e-9) before it, the mean of the time at which S reaches 0.5
 * and that t (the first time alone, if S falls no further); null if S stays above 0.5."
 */
export function survivalMedian(observations: readonly Observation[]): number | null {
  const steps = stepsOf(observations);
  const half = steps.find(({ survival }) => Math.abs(survival - 0.5) <= tolerance);
  const below = steps.find(({ survival }) => survival < 0.5 - tolerance);
  if (half === undefined) return below?.at ?? null;
  return below === undefined ? half.at : (half.at + below.at) / 2;
}

/** "Exact medians are the mean of the two middle values"; null of nothing. */
export function exactMedian(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  const upper = sorted[Math.floor(sorted.length / 2)];
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2;
}
