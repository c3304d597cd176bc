import type { SourceLine } from '../oracle/types.ts';
import type { Chance } from './chance.ts';

export type Person = {
  readonly userIds: readonly string[];
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly loyaltyIds: readonly string[];
  readonly deviceIds: readonly string[];
  readonly anonymousIds: readonly string[];
};

const names = ['ayşe.ışık', 'İpek', 'ILGIN', 'çağrı', 'Ömer.Şükrü', 'gülğün', 'jale'];

type IdentifierCells = Pick<
  SourceLine,
  'user_id' | 'email' | 'phone' | 'loyalty_id' | 'device_id' | 'anonymous_id'
>;

export const noIdentifiers: IdentifierCells = {
  user_id: null,
  email: null,
  phone: null,
  loyalty_id: null,
  device_id: null,
  anonymous_id: null,
};

export function choosePeople(chance: Chance): Person[] {
  return Array.from({ length: chance.whole(1, 12) }, (_, number) => choosePerson(number, chance));
}

/** Most have a few identifiers of a type; a collector has more than the five that one person may have. */
function choosePerson(number: number, chance: Chance): Person {
  const isCollector = chance.happens(0.2);
  const some = (most: number) => (isCollector ? chance.whole(5, 8) : chance.whole(0, most));
  const many = <Item>(count: number, item: (index: number) => Item) =>
    Array.from({ length: count }, (_, index) => item(index));
  const userId = chance.happens(0.1)
    ? `bayi${number}@ornek.com`
    : chance.pick([`u${number}`, `C-${number}`, `Ümit${number}`, `ümit${number}`, String(100 + number)]);
  return {
    userIds: chance.happens(0.65) ? [userId] : [],
    emails: many(some(2), (index) => `${chance.pick(names)}${number}${index}@örnek.com`),
    phones: many(some(2), (index) => `53${number % 10}1${number < 10 ? 0 : 1}${index}4567`),
    loyaltyIds: many(some(1), (index) => `L${number}-${index}`),
    deviceIds: many(some(3), (index) => `device-${number}-${index}`),
    anonymousIds: many(Math.max(1, some(3)), (index) => `anon-${number}-${index}`),
  };
}

/** Some identifiers of a person in the spellings of careless files, now and then one of somebody else's or a blocked one. */
export function chooseIdentifiers(
  person: Person,
  people: readonly Person[],
  sharing: number,
  chance: Chance,
): IdentifierCells {
  const of = (list: keyof Person, probability: number) => {
    const owner = chance.happens(sharing) ? chance.pick(people) : person;
    return owner[list].length > 0 && chance.happens(probability) ? chance.pick(owner[list]) : null;
  };
  const email = of('emails', 0.3);
  const phone = of('phones', 0.25);
  const cells: IdentifierCells = {
    user_id: chance.happens(0.45) ? (person.userIds[0] ?? null) : null,
    email: email === null ? null : spellEmail(email, chance),
    phone: phone === null ? null : spellPhone(phone, chance),
    loyalty_id: of('loyaltyIds', 0.15),
    device_id: of('deviceIds', 0.3),
    anonymous_id: of('anonymousIds', 0.35),
  };
  const chosen = Object.values(cells).some((cell) => cell !== null)
    ? cells
    : { ...cells, anonymous_id: chance.pick(person.anonymousIds) };
  return chance.happens(0.06) ? withBlockedValue(chosen, chance) : chosen;
}

/**
 * Rows around the limit of five: one identifier seen with five to seven of another type, or two that stay below the limit
 * each and pass it together; with a user id or without one.
 */
export function chooseCrowd(chance: Chance): IdentifierCells[] {
  const count = chance.whole(5, 7);
  const many = chance.pick(['device_id', 'anonymous_id', 'loyalty_id'] as const);
  const member = (index: number) => ({ ...noIdentifiers, [many]: `${many}-of-crowd-${index}` });
  const members = Array.from({ length: count }, (_, index) => member(index));
  const [hub, other] = [{ email: 'Kalabalık@örnek.com' }, { phone: '0532 999 88 77' }];
  const user = chance.happens(0.5) ? { user_id: 'crowd' } : {};
  if (chance.happens(0.4))
    return members.map((cells) => ({ ...cells, ...(chance.happens(0.5) ? user : {}), ...hub }));
  if (chance.happens(0.4)) return members.map((cells) => ({ ...cells, user_id: 'crowd' }));
  const joined = { ...noIdentifiers, ...hub, ...other, ...user };
  return [joined, ...members.map((cells, index) => ({ ...cells, ...(index % 2 === 0 ? hub : other) }))];
}

function withBlockedValue(cells: IdentifierCells, chance: Chance): IdentifierCells {
  const free = (Object.keys(cells) as (keyof IdentifierCells)[]).filter((type) => cells[type] === null);
  return free.length === 0
    ? cells
    : { ...cells, [chance.pick(free)]: chance.pick(['0', 'null', 'anonymous']) };
}

function spellEmail(email: string, chance: Chance): string {
  const spellings = [
    email,
    email,
    ` ${email} `,
    email.toUpperCase(),
    email.toLocaleUpperCase('tr'),
    email.normalize('NFD'),
    `${email.toLocaleUpperCase('tr').normalize('NFD')} `,
  ];
  return chance.pick(spellings);
}

function spellPhone(phone: string, chance: Chance): string {
  const spaced = `${phone.slice(0, 3)} ${phone.slice(3, 6)} ${phone.slice(6, 8)} ${phone.slice(8)}`;
  return chance.pick([
    `0${spaced}`,
    spaced,
    `+90 ${spaced}`,
    `0090${phone}`,
    `0${phone}`,
    `(0${phone.slice(0, 3)}) ${phone.slice(3, 6)}-${phone.slice(6)}`,
    `+90${phone}`,
  ]);
}
