/** Columns of the generic `touchpoints` source, in the order in which worlds are written. */
export const sourceColumns = [
  'touchpoint_id',
  'kind',
  'event',
  'occurred_at',
  'user_id',
  'anonymous_id',
  'email',
  'phone',
  'loyalty_id',
  'device_id',
  'previous_id',
  'channel',
  'campaign_source',
  'campaign_medium',
  'campaign_name',
  'order_id',
  'product_id',
  'category',
  'quantity',
  'amount',
  'currency_code',
  'device_type',
  'country',
  'city',
  'group_id',
  'session_id',
  'properties',
] as const;

export type SourceColumn = (typeof sourceColumns)[number];

/** One line as it lies in the file: texts, or null where the cell is empty. */
export type SourceLine = Readonly<Record<SourceColumn, string | null>>;

/** One line with the place in which it was received: the n-th file, the n-th line of it. */
export type ReceivedRow = { readonly file: number; readonly line: number; readonly values: SourceLine };

export type OracleParameters = {
  readonly asOf: Date;
  readonly timeZone: string;
  readonly currency: string;
  readonly activityEvent: string;
};

/** By priority: the first of these that a customer has gives the customer's id. */
export const identifierTypes = [
  'user_id',
  'email',
  'phone',
  'loyalty_id',
  'device_id',
  'anonymous_id',
] as const;

export type IdentifierType = (typeof identifierTypes)[number];

export type Identifier = { readonly type: IdentifierType; readonly value: string };

/** A row that landing accepts and deduplication keeps. Times are milliseconds since 1970, money is in minor units. */
export type KeptRow = {
  readonly touchpointId: string;
  readonly isIdGiven: boolean;
  readonly kind: string;
  readonly event: string;
  readonly occurredAt: number;
  readonly identifiers: readonly Identifier[];
  readonly amountMinor: bigint | null;
  readonly quantity: number | null;
  readonly values: SourceLine;
};

export type Touchpoint = KeptRow & {
  readonly customerId: string;
  readonly sessionId: string | null;
  readonly marketingChannel: string | null;
};

export type OrderStatus = 'placed' | 'cancelled' | 'refunded' | 'empty';

export type Order = {
  readonly orderId: string;
  readonly customerId: string;
  readonly orderedAt: number;
  readonly channel: string | null;
  readonly marketingChannel: string | null;
  readonly country: string | null;
  readonly status: OrderStatus;
  readonly grossMinor: bigint | null;
  readonly refundedMinor: bigint | null;
  readonly netMinor: bigint | null;
  readonly countItems: number;
  readonly orderNumber: number | null;
};

export type Customer = {
  readonly customerId: string;
  readonly firstTouchAt: number;
  readonly lastTouchAt: number;
  readonly firstOrderAt: number | null;
  readonly lastOrderAt: number | null;
  readonly acquisitionChannel: string | null;
  readonly acquisitionCampaign: string | null;
  readonly country: string | null;
  readonly cohortMonth: string | null;
  readonly countOrders: number;
  readonly netMinor: bigint;
};

export type Scores = {
  readonly recencyScore: number;
  readonly frequencyScore: number;
  readonly monetaryScore: number;
};

/** What the project's seed files decide. */
export type Seeds = {
  /** `visit` begins sessions, `touch` stands alone, anything else is neither; undefined for an unknown channel. */
  readonly visitKindOf: (channel: string) => string | undefined;
  /** The same for events that count in another way than their channel says; undefined for all others. */
  readonly visitKindOfEvent: (event: string) => string | undefined;
  readonly marketingChannelOf: (values: SourceLine) => string;
  readonly segmentOf: (scores: Scores) => string;
};

/** Rows under the contract's column names, as the engine gives them and as the oracle writes them. */
export type Row = Readonly<Record<string, unknown>>;
export type Relations = Readonly<Record<string, readonly Row[]>>;
