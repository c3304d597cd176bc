import { write, writeLoosely } from './identity.ts';
import type { Person } from './person.ts';
import { chance } from './random.ts';
import { csvText } from './text.ts';
import type { World } from './world.ts';

/** The identifying columns that most sources share. */
export interface Contact {
  readonly customerId: string;
  readonly email: string;
  readonly phone: string;
}

/** How a system of the shop names a person at an instant; undefined before it knows one. */
export function contactOf(world: World, person: Person, at: number): Contact | undefined {
  const { identity, random } = person;
  const spell = world.calendar.isPure ? write : (name: typeof identity.email) => writeLoosely(random, name);
  if (person.signedUpAt <= at) {
    const email = chance(random, 0.3) ? csvText(spell(identity.email)) : '';
    return { customerId: write(identity.userId), email, phone: '' };
  }
  if (person.reachableAt <= at) return { customerId: '', email: csvText(spell(identity.email)), phone: '' };
  return undefined;
}

export function contactColumns(contact: Contact): string {
  return `${contact.customerId},${contact.email},${contact.phone}`;
}
