import { hourMs } from './calendar.ts';
import { write, writeLoosely } from './identity.ts';
import { origins } from './marketing.ts';
import { nextId, type Person } from './person.ts';
import { between, chance, itemAt, pick } from './random.ts';
import { csvText } from './text.ts';
import { isInside, type World } from './world.ts';

interface LeadStep {
  readonly event: string;
  readonly at: number;
  readonly qualification?: string;
  readonly score?: number;
  readonly owner?: string;
  readonly reason?: string;
}

const forms = [
  { id: 'stil-testi', source: 'quiz', isBusiness: false },
  { id: 'ilk-alisveris-kodu', source: 'web_form', isBusiness: false },
  { id: 'ic-mimarlik-danisma', source: 'web_form', isBusiness: true },
  { id: 'kurumsal-hediye', source: 'web_form', isBusiness: true },
] as const;
const owners = ['temsilci-01', 'temsilci-02', 'temsilci-03'] as const;
const companies = ['Örnek Mimarlık', 'Deneme Otel', 'Numune Kafe', 'Misal Yazılım'] as const;

/** True where a person leaves an address in a form before any account, and the shop follows it up. */
export function leaveLead(world: World, person: Person): boolean {
  const { random, identity } = person;
  const probability = person.purchase.isBuyer ? 0.2 : 0.1;
  const at = person.arrivedAt + Math.floor(between(random, 0.05, 30) * hourMs);
  if (world.calendar.isPure || !chance(random, probability) || !isInside(world, at)) return false;
  const form = pick(random, forms);
  const id = nextId(person, 'L-');
  const origin = itemAt(origins, person.arrivalOrigin);
  const email = csvText(writeLoosely(random, identity.email));
  const phone = form.isBusiness ? csvText(writeLoosely(random, identity.phone)) : '';
  const company = form.isBusiness ? pick(random, companies) : '';
  const title = form.isBusiness ? 'Satın Alma' : '';
  const row = (step: LeadStep): void => {
    if (!isInside(world, step.at)) return;
    const isCreated = step.event === 'created';
    const anonymous = isCreated && !person.hasApp ? write(identity.webId) : '';
    const who = `,${anonymous},${email},${phone},${isCreated ? identity.fullName : ''}`;
    const where = `web,${form.source},${form.id},${company},${title}`;
    const state = `${step.qualification ?? ''},${step.score ?? ''},${step.owner ?? ''},${step.reason ?? ''}`;
    const campaign = `${origin.source},${origin.medium},${origin.name}`;
    world.out.add(
      'leads',
      `${id},${step.event},${world.calendar.isoAt(step.at)},${who},${where},${state},${campaign}`,
    );
  };
  row({ event: 'created', at });
  person.reachableAt = Math.min(person.reachableAt, at);
  if (form.isBusiness || chance(random, 0.3)) work(person, at, row);
  return true;
}

/** The sales side: who takes it, when, and what comes of it. The true quality decides the score, not the reverse. */
function work(person: Person, at: number, row: (step: LeadStep) => void): void {
  const { random } = person;
  const owner = pick(random, owners);
  const score = Math.round(
    Math.min(Math.max((person.purchase.isBuyer ? 62 : 38) + between(random, -30, 30), 0), 100),
  );
  const assignedAt = at + Math.floor(between(random, 0.1, 4) * hourMs);
  row({ event: 'assigned', at: assignedAt, owner });
  const contactedAt = assignedAt + Math.floor(between(random, 0.2, 50) * hourMs);
  row({ event: 'contacted', at: contactedAt, owner });
  const decidedAt = contactedAt + Math.floor(between(random, 1, 70) * hourMs);
  if (score < 45) {
    row({ event: 'disqualified', at: decidedAt, owner, score, reason: 'butce_yok' });
    return;
  }
  row({ event: 'qualified', at: decidedAt, owner, score, qualification: 'mql' });
  if (score >= 65)
    row({ event: 'qualified', at: decidedAt + 30 * hourMs, owner, score, qualification: 'sql' });
}
