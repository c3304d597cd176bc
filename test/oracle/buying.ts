// What the models of buying say, from their stories alone: a customer has a rate and a chance of leaving, which are drawn from a
// gamma and a beta distribution, and everything is an integral over both. No closed form, no gamma function.

/** The integral from 0 to 1 of a function that may be infinite at both ends, given x and 1 − x: tanh-sinh rule. */
function integrateUnit(f: (x: number, rest: number) => number): number {
  let sum = 0;
  for (let step = -150; step <= 150; step += 1) {
    const t = step / 35;
    const u = (Math.PI / 2) * Math.sinh(t);
    const slope = ((Math.PI / 2) * Math.cosh(t)) / Math.cosh(u) ** 2 / 2;
    if (slope > 1e-300) {
      const value = f(1 / (1 + Math.exp(-2 * u)), 1 / (1 + Math.exp(2 * u)));
      sum += Number.isFinite(value) ? value * slope : 0;
    }
  }
  return sum / 35;
}

/** From 0 to infinity, by the logarithm of the variable. */
function integratePositive(f: (x: number) => number): number {
  let sum = 0;
  for (let step = -480; step <= 60; step += 1) {
    const x = Math.exp(step / 8);
    sum += f(x) * x;
  }
  return sum / 8;
}

export interface Buying {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

export interface Bought {
  readonly frequency: number;
  readonly recency: number;
  readonly age: number;
}

/** Of all customers of such a history: the mean over their rates and chances of leaving. */
function meanOver(
  { r, alpha, a, b }: Buying,
  given: (rate: number, leaving: number, staying: number) => number,
): number {
  const rates = (rate: number) => rate ** (r - 1) * Math.exp(-alpha * rate);
  const chances = (leaving: number, staying: number) => leaving ** (a - 1) * staying ** (b - 1);
  const whole = integratePositive(rates) * integrateUnit(chances);
  return (
    integrateUnit(
      (leaving, staying) =>
        chances(leaving, staying) * integratePositive((rate) => rates(rate) * given(rate, leaving, staying)),
    ) / whole
  );
}

/** How many chances of leaving came before the last purchase's own: in MBG/NBD the first purchase is one too. */
const earlier = (mayLeaveAtFirst: boolean, frequency: number): number =>
  mayLeaveAtFirst ? frequency : frequency - 1;

function alive({ frequency, age }: Bought, mayLeaveAtFirst: boolean) {
  return (rate: number, staying: number) =>
    staying ** (earlier(mayLeaveAtFirst, frequency) + 1) * rate ** frequency * Math.exp(-rate * age);
}

function likelihoodOf(bought: Bought, mayLeaveAtFirst: boolean) {
  const { frequency, recency } = bought;
  const before = earlier(mayLeaveAtFirst, frequency);
  const stayed = alive(bought, mayLeaveAtFirst);
  return (rate: number, leaving: number, staying: number) =>
    stayed(rate, staying) +
    (before < 0 ? 0 : leaving * staying ** before * rate ** frequency * Math.exp(-rate * recency));
}

export const logLikelihoodByIntegral = (buying: Buying, bought: Bought, mayLeaveAtFirst: boolean): number =>
  Math.log(meanOver(buying, likelihoodOf(bought, mayLeaveAtFirst)));

export function aliveByIntegral(buying: Buying, bought: Bought, mayLeaveAtFirst: boolean): number {
  const stayed = alive(bought, mayLeaveAtFirst);
  return (
    meanOver(buying, (rate, _, staying) => stayed(rate, staying)) /
    meanOver(buying, likelihoodOf(bought, mayLeaveAtFirst))
  );
}

/** Orders within a time after the history: (1 − e^(−λpt)) ÷ p of who is alive. */
export function ordersByIntegral(
  buying: Buying,
  bought: Bought,
  time: number,
  mayLeaveAtFirst: boolean,
): number {
  const stayed = alive(bought, mayLeaveAtFirst);
  return (
    meanOver(
      buying,
      (rate, leaving, staying) => (stayed(rate, staying) * -Math.expm1(-rate * leaving * time)) / leaving,
    ) / meanOver(buying, likelihoodOf(bought, mayLeaveAtFirst))
  );
}
