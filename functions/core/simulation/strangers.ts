import { below, createRandom, itemAt } from './random.ts';
import type { World } from './world.ts';

// Visitors who are no customers, one lot for every so many persons: robots that read the shop, and orders that
// the shop's own people place to try it. They load like any other touchpoint; the truth says which they are.

const personsPerRobot = 60;
const personsPerTestOrder = 150;

export function simulateStrangers(world: World, index: number): void {
  if (world.calendar.isPure) return;
  if (index % personsPerRobot === personsPerRobot - 1) crawl(world, index);
  if (index % personsPerTestOrder === personsPerTestOrder - 1) placeTestOrder(world, index);
}

function crawl(world: World, index: number): void {
  const random = createRandom(world.seed, -500_000_000 - index);
  const { calendar, catalogue, out } = world;
  const code = index.toString(36);
  const anonymousId = `an-robot-${code}`;
  let at = calendar.startAt + below(random, calendar.endAt - calendar.startAt - 3_600_000);
  const count = 10 + below(random, 30);
  for (let page = 0; page < count; page += 1) {
    at += 900 + below(random, 300);
    const path = `/urun/${itemAt(catalogue.products, below(random, catalogue.products.length)).id}`;
    out.label('segment', 'bots');
    out.add(
      'segment',
      `{"type":"page","messageId":"b${code}-${page}","name":"Ürün","anonymousId":"${anonymousId}","timestamp":"${calendar.isoAt(at)}","context":{"userAgent":"ExampleBot/1.0 (+https://robot.example)"},"properties":{"path":"${path}","title":"Ürün"}}`,
    );
  }
  out.addIdentity(`BOT-${code},anonymous_id,${anonymousId}`);
}

function placeTestOrder(world: World, index: number): void {
  const random = createRandom(world.seed, -700_000_000 - index);
  const { calendar, out } = world;
  const at = calendar.isoAt(calendar.startAt + below(random, calendar.endAt - calendar.startAt));
  out.label('orders', 'test_orders');
  out.add(
    'orders',
    `A-TEST-${index.toString(36)},1,${at},completed,test-kullanici,test@ornek.example,,,Test Kullanıcı,web,PR-0001,Mutfak,1,1.00,TRY,TR,İstanbul,desktop,,,,,card,1,standard,,`,
  );
  if (index === personsPerTestOrder - 1) {
    out.addIdentity('TEST,user_id,test-kullanici');
    out.addIdentity('TEST,email,test@ornek.example');
  }
}
