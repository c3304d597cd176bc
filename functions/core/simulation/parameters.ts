// Every number that shapes the store. They are invented, plausible values; the truth file repeats those that a test
// or a reader may want to recover.

/** BG/NBD (Fader, Hardie, Lee 2005), time in days: λ ~ Gamma(r, α), dropout after a repeat purchase p ~ Beta(a, b). */
export const purchaseModel = { r: 0.85, alpha: 62, a: 0.9, b: 3.1 } as const;

/** Gamma-Gamma (Fader, Hardie 2013): z ~ Gamma(p, ν), ν ~ Gamma(q, γ), in lira; mean p × γ ÷ (q − 1). */
export const spendModel = { p: 4, q: 3.8, gamma: 1050 } as const;

/** Share of persons who would buy at some time, before the influence of the channel that brought them. */
export const buyerShare = 0.39;

export const shopperTypes = ['bargain_hunter', 'regular', 'brand_lover', 'gift_buyer'] as const;
export type ShopperType = (typeof shopperTypes)[number];

export const shopperWeights: readonly (readonly [ShopperType, number])[] = [
  ['bargain_hunter', 30],
  ['regular', 42],
  ['brand_lover', 16],
  ['gift_buyer', 12],
];

/** How often an order of the type carries a discount. */
export const discountDependence: Readonly<Record<ShopperType, number>> = {
  bargain_hunter: 0.7,
  regular: 0.25,
  brand_lover: 0.1,
  gift_buyer: 0.2,
};

export const rates = {
  has_app: 0.68,
  app_visit_share_of_app_users: 0.82,
  shares_phone: 0.04,
  e_mail_with_turkish_letters: 0.12,
  e_mail_other_spelling: 0.15,
  guest_first_order: 0.22,
  sign_up_without_order: 0.3,
  checkout_left: 0.12,
  payment_failed: 0.08,
  order_cancelled: 0.03,
  order_returned: 0.11,
  return_in_full: 0.4,
  delivery_failed: 0.04,
  ticket_after_order: 0.09,
  survey_after_delivery: 0.3,
  review_after_delivery: 0.12,
  referral_after_delivery: 0.06,
  loyalty_of_signed_up: 0.4,
  marketing_consent: 0.55,
  unknown_event_per_visit: 0.01,
  late_app_visit: 0.02,
} as const;

export const installmentWeights: readonly (readonly [number, number])[] = [
  [1, 52],
  [3, 22],
  [6, 14],
  [9, 7],
  [12, 5],
];
