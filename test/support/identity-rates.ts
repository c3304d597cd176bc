/** An identifier with the persons whose it truly is, and the customer that the warehouse gave it to. */
export interface JudgedIdentifier {
  readonly key: string;
  readonly persons: ReadonlySet<string>;
  readonly customer: string;
}

export interface IdentityRates {
  /** Of the pairs of identifiers that the warehouse gave to one customer, the share that truly have a person in common. */
  readonly precision: number;
  /** Of the pairs that truly have a person in common, the share that the warehouse gave to one customer. */
  readonly recall: number;
  readonly wrongPairs: readonly (readonly [JudgedIdentifier, JudgedIdentifier])[];
  readonly missedPairs: readonly (readonly [JudgedIdentifier, JudgedIdentifier])[];
}

/** Compares customers with persons pair by pair, so that neither splitting nor merging can hide. */
export function identityRates(identifiers: readonly JudgedIdentifier[]): IdentityRates {
  const wrongPairs: (readonly [JudgedIdentifier, JudgedIdentifier])[] = [];
  const missedPairs: (readonly [JudgedIdentifier, JudgedIdentifier])[] = [];
  let right = 0;
  identifiers.forEach((left, index) => {
    for (const other of identifiers.slice(index + 1)) {
      const isTrue = [...left.persons].some((person) => other.persons.has(person));
      const isSame = left.customer === other.customer;
      if (isTrue && isSame) right += 1;
      else if (isSame) wrongPairs.push([left, other]);
      else if (isTrue) missedPairs.push([left, other]);
    }
  });
  return {
    precision: right / (right + wrongPairs.length),
    recall: right / (right + missedPairs.length),
    wrongPairs,
    missedPairs,
  };
}
