import { createPicker, itemAt, type Picker } from './random.ts';

export const marketingChannels = [
  'influencer',
  'affiliate',
  'referral_program',
  'paid_shopping',
  'paid_search',
  'paid_social',
  'retargeting',
  'display',
  'video',
  'email',
  'sms',
  'whatsapp',
  'push',
  'organic_search',
  'organic_social',
  'ai_assistant',
  'pr_content',
  'event',
  'marketplace',
  'partner',
  'store',
  'call_center',
  'referral',
  'direct',
] as const;
export type MarketingChannel = (typeof marketingChannels)[number];

/** How a visit came about: what the tracker of the shop sees of it. */
export interface VisitOrigin {
  readonly channel: MarketingChannel;
  readonly source: string;
  readonly medium: string;
  readonly name: string;
  readonly referrer: string;
  /** Query parameter of the ad network's click id. */
  readonly clickId: string;
  readonly coupon: string;
  /** Cost of a click in kuruş of the first month; 0 where nothing is paid by the click. */
  readonly clickKurus: number;
  /** Clicks for each impression. */
  readonly clickRate: number;
  readonly objectiveStage: 'lead' | 'customer' | 'retained';
  readonly costType: 'media' | 'commission' | 'influencer_fee' | 'tool';
}

const nothing: VisitOrigin = {
  channel: 'direct',
  source: '',
  medium: '',
  name: '',
  referrer: '',
  clickId: '',
  coupon: '',
  clickKurus: 0,
  clickRate: 0,
  objectiveStage: 'lead',
  costType: 'media',
};

type OriginPart = Partial<VisitOrigin> & { readonly channel: MarketingChannel };

const google = 'https://www.google.com/';
const search = { source: 'google', medium: 'cpc', referrer: google, clickId: 'gclid', clickRate: 0.04 };
const meta = { medium: 'paid_social', clickId: 'fbclid', clickRate: 0.012 };

const originParts: readonly OriginPart[] = [
  influencer('modaveben', 'yaz-vitrini', 'MODA10'),
  influencer('evdekiatolye', 'ev-yenileme', 'ATOLYE15'),
  influencer('annekizkombin', 'okula-donus', 'ANNEKIZ10'),
  {
    channel: 'affiliate',
    source: 'firsatlistesi',
    medium: 'affiliate',
    name: 'satis-ortagi',
    ...commission(840),
  },
  { channel: 'referral_program', source: 'arkadas', medium: 'referral_program', name: 'arkadasini-getir' },
  {
    ...search,
    channel: 'paid_shopping',
    name: 'shopping-giyim',
    clickKurus: 520,
    objectiveStage: 'customer',
  },
  { ...search, channel: 'paid_shopping', name: 'shopping-ev', clickKurus: 460, objectiveStage: 'customer' },
  { ...search, channel: 'paid_search', name: 'marka-arama', clickKurus: 240, objectiveStage: 'customer' },
  { ...search, channel: 'paid_search', name: 'genel-arama-elbise', clickKurus: 760 },
  {
    ...search,
    channel: 'paid_search',
    source: 'bing',
    referrer: 'https://www.bing.com/',
    clickId: 'msclkid',
    name: 'genel-arama-ev',
    clickKurus: 620,
  },
  { ...meta, channel: 'paid_social', source: 'instagram', name: 'kombin-reels', clickKurus: 380 },
  { ...meta, channel: 'paid_social', source: 'facebook', name: 'ev-koleksiyonu', clickKurus: 340 },
  {
    ...meta,
    channel: 'paid_social',
    source: 'tiktok',
    clickId: 'ttclid',
    name: 'yeni-sezon',
    clickKurus: 280,
  },
  {
    channel: 'retargeting',
    source: 'reklamagi',
    medium: 'retargeting',
    name: 'sepet-hatirlatma',
    clickKurus: 420,
    clickRate: 0.008,
    objectiveStage: 'customer',
  },
  {
    channel: 'display',
    source: 'haberagi',
    medium: 'display',
    name: 'marka-afis',
    clickKurus: 180,
    clickRate: 0.003,
  },
  {
    channel: 'video',
    source: 'youtube',
    medium: 'video',
    name: 'marka-filmi',
    clickKurus: 320,
    clickRate: 0.005,
  },
  owned('email', 'bulten', 'haftalik-bulten'),
  owned('sms', 'sms', 'indirim-sms'),
  owned('whatsapp', 'whatsapp', 'whatsapp-kampanya'),
  owned('push', 'uygulama', 'gunun-firsati'),
  { channel: 'organic_search', referrer: google },
  { channel: 'organic_search', referrer: 'https://yandex.com.tr/' },
  { channel: 'organic_social', referrer: 'https://www.instagram.com/' },
  { channel: 'organic_social', referrer: 'https://www.pinterest.com/' },
  { channel: 'ai_assistant', referrer: 'https://chatgpt.com/' },
  { channel: 'ai_assistant', referrer: 'https://www.perplexity.ai/' },
  {
    channel: 'pr_content',
    source: 'evdergisi',
    medium: 'content',
    name: 'roportaj',
    referrer: 'https://evdergisi.example/',
  },
  { channel: 'event', source: 'tasarimfuari', medium: 'event', name: 'tasarim-fuari' },
  { channel: 'marketplace' },
  { channel: 'partner', source: 'bankakart', medium: 'partner', name: 'kart-kampanyasi' },
  { channel: 'store' },
  { channel: 'call_center' },
  { channel: 'referral', referrer: 'https://gelinlik-rehberi.example/' },
  { channel: 'referral', referrer: 'https://ucuzkupon.example/' },
  { channel: 'direct' },
];

function influencer(source: string, name: string, coupon: string): OriginPart {
  const price = { clickKurus: 480, clickRate: 0.02, costType: 'influencer_fee' } as const;
  return { channel: 'influencer', source, medium: 'influencer', name, coupon, ...price };
}

function commission(
  clickKurus: number,
): Pick<VisitOrigin, 'clickKurus' | 'clickRate' | 'costType' | 'objectiveStage'> {
  return { clickKurus, clickRate: 0.03, costType: 'commission', objectiveStage: 'customer' };
}

function owned(channel: 'email' | 'sms' | 'whatsapp' | 'push', source: string, name: string): OriginPart {
  const price = { clickKurus: 70, clickRate: 0.06, costType: 'tool', objectiveStage: 'retained' } as const;
  return { channel, source, medium: channel, name, ...price };
}

export const origins: readonly VisitOrigin[] = originParts.map((part) => ({ ...nothing, ...part }));

export const direct = itemAt(origins, origins.length - 1);

interface ChannelTruth {
  /** Weight among first visits. */
  readonly arrivals: number;
  /** How the channel multiplies the chance that a person ever buys. */
  readonly influence: number;
  /** Weight among later visits of a person whom the shop may write to. */
  readonly returns: number;
}

const truths: Readonly<Record<MarketingChannel, ChannelTruth>> = {
  influencer: { arrivals: 5, influence: 1.1, returns: 2 },
  affiliate: { arrivals: 3, influence: 1.05, returns: 2 },
  referral_program: { arrivals: 4, influence: 1.6, returns: 0 },
  paid_shopping: { arrivals: 8, influence: 1.15, returns: 5 },
  paid_search: { arrivals: 13, influence: 1.1, returns: 6 },
  paid_social: { arrivals: 14, influence: 0.75, returns: 3 },
  retargeting: { arrivals: 0, influence: 1, returns: 8 },
  display: { arrivals: 4, influence: 0.45, returns: 1 },
  video: { arrivals: 3, influence: 0.5, returns: 1 },
  email: { arrivals: 0, influence: 1, returns: 12 },
  sms: { arrivals: 0, influence: 1, returns: 4 },
  whatsapp: { arrivals: 0, influence: 1, returns: 2 },
  push: { arrivals: 0, influence: 1, returns: 8 },
  organic_search: { arrivals: 15, influence: 1.1, returns: 9 },
  organic_social: { arrivals: 7, influence: 0.85, returns: 4 },
  ai_assistant: { arrivals: 2, influence: 1.25, returns: 1 },
  pr_content: { arrivals: 2, influence: 0.9, returns: 0 },
  event: { arrivals: 1, influence: 1.1, returns: 0 },
  marketplace: { arrivals: 1.5, influence: 1.3, returns: 0 },
  partner: { arrivals: 1.5, influence: 1.2, returns: 0 },
  store: { arrivals: 3, influence: 1.3, returns: 0 },
  call_center: { arrivals: 1, influence: 1.2, returns: 0 },
  referral: { arrivals: 3, influence: 0.8, returns: 1 },
  direct: { arrivals: 9, influence: 1.05, returns: 30 },
};

export const channelTruths = marketingChannels.map((channel) => ({
  marketing_channel: channel,
  arrival_weight: truths[channel].arrivals,
  influence_on_first_purchase: truths[channel].influence,
}));

export function influenceOf(channel: MarketingChannel): number {
  return truths[channel].influence;
}

type WeightName = 'arrivals' | 'returns';

function weighOrigins(name: WeightName): (readonly [number, number])[] {
  return origins.map((origin, index) => {
    const siblings = origins.filter((other) => other.channel === origin.channel).length;
    return [index, truths[origin.channel][name] / siblings] as const;
  });
}

/** Indexes of `origins`. */
export const pickArrival: Picker<number> = createPicker(weighOrigins('arrivals'));
export const pickReturn: Picker<number> = createPicker(weighOrigins('returns'));
