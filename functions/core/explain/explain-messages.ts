import type { Language } from '../snapshot.ts';
import type { TransitionKind } from './explanation.ts';

/** Fixed words of an explanation. No word takes a suffix of a value, so that any label and date fits. */
interface ExplainMessages {
  readonly customer: string;
  readonly asOf: (instant: string) => string;
  readonly lastRun: (instant: string) => string;
  readonly configurationChanged: string;
  readonly differsFromPublished: string;
  readonly furthest: string;
  readonly latest: string;
  readonly stage: string;
  readonly ofStages: (rank: string, count: string) => string;
  readonly noStage: string;
  readonly since: string;
  readonly because: string;
  readonly endedBy: string;
  readonly renewed: string;
  readonly sameRule: string;
  readonly openedBy: string;
  readonly after: (what: string) => string;
  readonly runsOut: string;
  readonly never: string;
  readonly lasts: string;
  readonly untilSignal: string;
  readonly afterwards: string;
  readonly until: string;
  readonly endsAtOnce: string;
  readonly counted: (shown: string, all: string) => string;
  readonly order: string;
  readonly history: string;
  readonly earlier: (count: string, isOne: boolean) => string;
  readonly now: string;
  readonly kinds: Readonly<Record<TransitionKind, string>>;
  readonly skipped: (count: string) => string;
  readonly holdRanOut: (stage: string) => string;
  readonly waysUp: string;
  readonly waysIn: string;
  readonly waysBack: string;
  readonly anyOne: string;
  readonly top: string;
}

const turkish: ExplainMessages = {
  customer: 'Müşteri',
  asOf: (instant) => `${instant} itibarıyla`,
  lastRun: (instant) => `${instant} itibarıyla yapılan son çalıştırmaya göre`,
  configurationChanged:
    'Dikkat: kurallar son çalıştırmadan sonra değişmiş; aşağıdaki son çalıştırmaya göredir. Yeniden çalıştırın: dongu run.',
  differsFromPublished:
    'Dikkat: yayımlanan üyelikler bu hesapla aynı değil; modeller son çalıştırmadan sonra değişmiş. Yeniden çalıştırın: dongu run.',
  furthest: 'süren aşamaların en ilerisi geçerlidir',
  latest: 'en son sinyal geçerlidir',
  stage: 'Aşama',
  ofStages: (rank, count) => `${rank}/${count}`,
  noStage: 'yok; hiçbir kural henüz gerçekleşmedi',
  since: 'Başlangıç',
  because: 'Neden',
  endedBy: 'bitiren olay',
  renewed: 'Son yenileme',
  sameRule: 'aynı kural, yukarıdakilerden sonra',
  openedBy: 'önce olması gereken',
  after: (what) => `${what} sonrasında`,
  runsOut: 'Bitiş',
  never: 'yok; kendiliğinden bitmez',
  lasts: 'Süre',
  untilSignal: 'yeni bir sinyal gelene kadar',
  afterwards: 'yeni bir şey olmazsa ardından:',
  until: 'bitiş',
  endsAtOnce: 'Hemen bitiren',
  counted: (shown, all) => `sayılan ${all} olaydan son ${shown}`,
  order: 'sipariş',
  history: 'Geçtiği aşamalar',
  earlier: (count) => `… daha önce ${count} üyelik (tümü: --format json)`,
  now: 'sürüyor',
  kinds: {
    enter: 'girdi',
    advance: 'ilerledi',
    skip: 'ilerledi',
    return: 'geri döndü',
    lapse: 'pasifleşti',
    reactivate: 'yeniden kazanıldı',
  },
  skipped: (count) => `${count} aşama atladı`,
  holdRanOut: (stage) => `${stage} aşamasının süresi doldu`,
  waysUp: 'Müşteriyi yukarı taşıyacak olan',
  waysIn: 'Müşteriyi bir aşamaya alacak olan',
  waysBack: 'Müşteriyi geri getirecek olan',
  anyOne: 'biri yeter',
  top: 'En yüksek aşamada.',
};

const english: ExplainMessages = {
  customer: 'Customer',
  asOf: (instant) => `as of ${instant}`,
  lastRun: (instant) => `by the last run, which is as of ${instant}`,
  configurationChanged:
    'Note: the rules changed since the last run; what follows is of the last run. Run again: dongu run.',
  differsFromPublished:
    'Note: the published memberships are not the ones found here; the models changed since the last run. Run again: dongu run.',
  furthest: 'the highest stage held counts',
  latest: 'the latest signal counts',
  stage: 'Stage',
  ofStages: (rank, count) => `${rank} of ${count}`,
  noStage: 'none; no rule has been met yet',
  since: 'Since',
  because: 'Because',
  endedBy: 'ended by',
  renewed: 'Last renewed',
  sameRule: 'by the same rule, since the above',
  openedBy: 'had to come first',
  after: (what) => `after ${what}`,
  runsOut: 'Runs out',
  never: 'never by itself',
  lasts: 'Lasts',
  untilSignal: 'until a new signal comes',
  afterwards: 'if nothing more happens, then:',
  until: 'until',
  endsAtOnce: 'Ends at once',
  counted: (shown, all) => `the last ${shown} of ${all} that count`,
  order: 'order',
  history: 'Path so far',
  earlier: (count, isOne) =>
    `… ${count} earlier ${isOne ? 'membership' : 'memberships'} (all of them: --format json)`,
  now: 'still lasts',
  kinds: {
    enter: 'entered',
    advance: 'moved up',
    skip: 'moved up',
    return: 'fell back',
    lapse: 'lapsed',
    reactivate: 'came back',
  },
  skipped: (count) => `skipped ${count}`,
  holdRanOut: (stage) => `the hold of ${stage} ran out`,
  waysUp: 'What would move the customer up',
  waysIn: 'What would bring the customer in',
  waysBack: 'What would bring the customer back',
  anyOne: 'any one is enough',
  top: 'In the highest stage.',
};

export const explainMessages: Readonly<Record<Language, ExplainMessages>> = { tr: turkish, en: english };
