const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: sorts by time, unique by chance. `random` gives whole numbers from 0 to 31. */
export function ulid(instant: Date, random: () => number): string {
  const time = Array.from({ length: 10 }, (_, index) => {
    const power = 32 ** (9 - index);
    return CROCKFORD[Math.floor(instant.getTime() / power) % 32];
  });
  const chance = Array.from({ length: 16 }, () => CROCKFORD[random() % 32]);
  return [...time, ...chance].join('');
}

/** The instant that a ULID was made at; undefined of any other text. */
export function ulidTime(text: string): Date | undefined {
  if (!/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text)) {
    return undefined;
  }
  const milliseconds = [...text.slice(0, 10)].reduce(
    (sum, letter) => sum * 32 + CROCKFORD.indexOf(letter),
    0,
  );
  return new Date(milliseconds);
}
