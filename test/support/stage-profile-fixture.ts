// What stages are for, in an invented store: five descriptions that longer lifecycles repeat.
import type { SourceRow } from '../../functions/core/views/view-source.ts';

type Pair = readonly [tr: string, en: string];
type Kpi = readonly [tr: string, en: string, value: number | null, unit: string, state: string];

interface Description {
  readonly question: Pair;
  readonly goal: Pair;
  readonly responsible: Pair;
  readonly supporting: readonly Pair[];
  readonly channels: readonly Pair[];
  readonly marketing: readonly Pair[];
  readonly strategies: readonly Pair[];
  readonly kpis: readonly Kpi[];
}

const web: Pair = ['Web sitesi', 'Website'];
const mobile: Pair = ['Mobil uygulama', 'Mobile app'];
const email: Pair = ['E-posta', 'E-mail'];
const store: Pair = ['Mağaza', 'Store'];

const descriptions: readonly Description[] = [
  {
    question: ['Kaç kişiye, hangi maliyetle ulaşıyoruz?', 'How many people do we reach, and at what cost?'],
    goal: ['Markayı ve ürünleri tanımak', 'Get to know the brand and its products'],
    responsible: ['Pazarlama', 'Marketing'],
    supporting: [
      ['Dijital reklam', 'Digital advertising'],
      ['İçerik', 'Content'],
    ],
    channels: [web, mobile, ['Sosyal medya', 'Social media'], store, ['Çağrı merkezi', 'Call centre']],
    marketing: [
      ['Alışveriş reklamı', 'Shopping ads'],
      ['Ücretli arama', 'Paid search'],
    ],
    strategies: [
      ['Alışveriş ve sosyal medya reklamları', 'Shopping and social ads'],
      ['Arama motoru optimizasyonu ve içerik pazarlaması', 'Search optimisation and content marketing'],
      ['Mikro influencer iş birlikleri', 'Micro-influencer partnerships'],
    ],
    kpis: [
      ['Ziyaret sayısı', 'Visits', 412_300, 'count', 'built'],
      ['Yeni ziyaretçi sayısı', 'New visitors', 98_450, 'count', 'built'],
      ['Yeni ziyaretçi başına maliyet', 'Cost per new visitor', null, 'money', 'planned'],
      ['Sepete ekleme oranı', 'Add-to-cart rate', 0.081, 'ratio', 'built'],
    ],
  },
  {
    question: [
      'Ziyaretçilerin ne kadarı ilk kez satın alıyor?',
      'What share of visitors buy for the first time?',
    ],
    goal: ['Güvenle ve kolayca satın almak', 'Buy easily and with confidence'],
    responsible: ['E-ticaret satış', 'E-commerce sales'],
    supporting: [
      ['Kullanıcı deneyimi', 'User experience'],
      ['Ödeme operasyonu', 'Payment operations'],
    ],
    channels: [web, mobile, store, ['WhatsApp', 'WhatsApp']],
    marketing: [['Yeniden hedefleme', 'Retargeting'], email],
    strategies: [
      ['Terk edilen sepetin geri kazanılması', 'Abandoned cart recovery'],
      ['Taksit kampanyaları ve çoklu ödeme seçenekleri', 'Installment offers and several ways to pay'],
      ['Şeffaf fiyat ile iade ve garanti koşulları', 'Clear prices, return and warranty terms'],
    ],
    kpis: [
      ['Edinme oranı (müşteriye dönüşen ziyaretçi)', 'Acquisition rate', 0.034, 'ratio', 'built'],
      ['Dönüşüm oranı (ziyaret)', 'Conversion rate (visits)', 0.0214, 'ratio', 'built'],
      ['Sepet terk oranı', 'Cart abandonment rate', null, 'ratio', 'planned'],
      ['Ortalama sipariş değeri', 'Average order value', 124_990, 'money', 'built'],
    ],
  },
  {
    question: [
      'İlk kez alanlar satın almadan sonra bizimle ilgileniyor mu?',
      'Do first-time buyers engage with us after the purchase?',
    ],
    goal: ['Üründen beklediği faydayı almak', 'Get the benefit expected from the product'],
    responsible: ['CRM pazarlaması', 'CRM marketing'],
    supporting: [['Müşteri hizmetleri', 'Customer service']],
    channels: [email, ['SMS', 'SMS']],
    marketing: [email],
    strategies: [['Hoş geldin ve satın alma sonrası mesaj serisi', 'Welcome and post-purchase series']],
    kpis: [
      ['İkinci satın almaya kadar geçen gün', 'Days to second purchase', null, 'days', 'not_mature'],
      ['İade oranı (sipariş)', 'Return rate (orders)', null, 'ratio', 'planned'],
    ],
  },
  {
    question: ['Müşteriler ikinci kez ve sonra da alıyor mu?', 'Do customers buy a second time, and go on?'],
    goal: ['Alışkanlık ve avantaj kazanmak', 'Gain a habit and its advantages'],
    responsible: ['CRM pazarlaması', 'CRM marketing'],
    supporting: [
      ['Sadakat programı', 'Loyalty'],
      ['Kategori yönetimi', 'Category management'],
    ],
    channels: [email, mobile, web, store],
    marketing: [email],
    strategies: [
      ['Hedefli teklifler ve ürün önerileri', 'Targeted offers and product recommendations'],
      ['Üst satış ve çapraz satış', 'Up-sell and cross-sell'],
    ],
    kpis: [
      ['Tekrar satın alma oranı', 'Repeat purchase rate', 0.447, 'ratio', 'built'],
      ['Müşteri elde tutma oranı (CRR)', 'Customer retention rate (CRR)', 0.312, 'ratio', 'built'],
      ['Çapraz satış oranı', 'Cross-sell rate', null, 'ratio', 'planned'],
    ],
  },
  {
    question: ['Müşterilerin ne kadarı bizi tavsiye ediyor?', 'What share of customers recommend us?'],
    goal: ['Deneyimini paylaşmak ve takdir görmek', 'Share the experience and be appreciated'],
    responsible: ['Topluluk ve marka', 'Community and brand'],
    supporting: [['Müşteri hizmetleri', 'Customer service']],
    channels: [email, ['Sosyal medya', 'Social media']],
    marketing: [],
    strategies: [['Ödüllü tavsiye programı', 'Rewarded referral programme']],
    kpis: [['Net tavsiye skoru (NPS)', 'Net promoter score (NPS)', null, 'score', 'planned']],
  },
];

const nothing = { item_id: null, value: null, unit: null, n: null, period_start: null, state: null };

function texts(kind: string, pairs: readonly Pair[]): readonly SourceRow[] {
  return pairs.map(([tr, en], index) => ({
    ...nothing,
    item_kind: kind,
    position: index + 1,
    text_tr: tr,
    text_en: en,
  }));
}

/** The rows of one stage, without its name. */
export function profileItems(index: number, target: number | null, withinDays: number): readonly SourceRow[] {
  const described = descriptions[index % descriptions.length];
  if (!described) return [];
  const strategies = JSON.stringify(described.strategies.map(([tr]) => tr));
  const english = JSON.stringify(described.strategies.map(([, en]) => en));
  return [
    ...texts('question', [described.question]),
    ...texts('customer_goal', [described.goal]),
    ...texts('responsible_role', [described.responsible]),
    ...texts('supporting_role', described.supporting),
    ...texts('channel', described.channels),
    ...texts('marketing_channel', described.marketing),
    ...texts('strategies', [[strategies, english]]),
    ...(target === null
      ? []
      : [
          {
            ...nothing,
            item_kind: 'target',
            position: 1,
            value: target,
            unit: 'ratio',
            n: withinDays,
            state: 'default',
          },
        ]),
    ...described.kpis.map(([tr, en, value, unit, state], position) => ({
      item_kind: 'kpi',
      position: position + 1,
      item_id: `kpi_${position}`,
      text_tr: tr,
      text_en: en,
      // as SQL gives it: money in major units
      value: value !== null && unit === 'money' ? value / 100 : value,
      unit,
      n: 500,
      period_start: state === 'planned' ? null : '2026-09-01',
      state,
    })),
  ];
}
