/** The files of a simulated store, one for each source, with the headers of the generic sources. */
export const sourceFiles = {
  segment: { file: 'segment.ndjson', columns: [] },
  orders: {
    file: 'orders.csv',
    columns:
      'order_id,line_number,ordered_at,status,customer_id,email,phone,loyalty_id,full_name,channel,product_id,category,quantity,amount,currency,country,city,device_type,coupon,campaign_source,campaign_medium,campaign_name,payment_method,installments,delivery_promise,discount,referral_code',
  },
  'order-events': {
    file: 'order-events.csv',
    columns:
      'event_id,event,occurred_at,order_id,customer_id,email,channel,amount,currency,payment_id,payment_method,installments,decline_reason,shipment_id,carrier,promised_at,return_id,product_id,reason',
  },
  tickets: {
    file: 'tickets.csv',
    columns:
      'ticket_id,event,occurred_at,customer_id,email,phone,channel,topic,priority,product_id,related_order_id,author,to_status,comment',
  },
  surveys: {
    file: 'surveys.csv',
    columns:
      'survey_id,event,occurred_at,customer_id,email,phone,channel,survey_type,score,scale_min,scale_max,higher_is_better,wave_id,trigger,related_order_id,ticket_id,comment',
  },
  'ad-spend': {
    file: 'ad-spend.csv',
    columns:
      'day,marketing_channel,campaign_source,campaign_medium,campaign_name,ad_group,objective_stage,cost_type,amount,currency_code,impressions,clicks,reach,planned_amount',
  },
  leads: {
    file: 'leads.csv',
    columns:
      'lead_id,event,occurred_at,customer_id,anonymous_id,email,phone,full_name,channel,lead_source,form_id,company,title,qualification,score,owner,reason,campaign_source,campaign_medium,campaign_name',
  },
  products: {
    file: 'products.csv',
    columns: 'product_id,name,category,brand,unit_cost,list_price,currency_code,valid_from',
  },
  advocacy: {
    file: 'advocacy.csv',
    columns:
      'event_id,event,occurred_at,customer_id,email,phone,channel,referral_code,product_id,review_id,rating,rating_max,verified_purchase,platform,points,programme,purpose,consent_channel,legal_basis,text_version,related_order_id,review_body',
  },
  messages: {
    file: 'messages.csv',
    columns: 'event_id,event,occurred_at,customer_id,email,phone,channel,message_id,campaign_name,flow',
  },
  subscriptions: {
    file: 'subscriptions.csv',
    columns:
      'subscription_id,occurred_at,customer_id,currency,event,plan,from_plan,mrr,previous_mrr,billing_period,term_months,ends_on,effective_on,until,cause,reason,voluntary,addon,offer',
  },
} as const;

export type SourceName = keyof typeof sourceFiles;
export const sourceNames = Object.keys(sourceFiles) as readonly SourceName[];

/** Sources of facts without a person. */
export const factSources: readonly SourceName[] = ['ad-spend', 'products'];

export const truthFiles = {
  truth: 'truth.json',
  identities: 'truth-identities.csv',
  customers: 'truth-customers.csv',
} as const;

export const truthColumns = {
  identities: 'person_id,identifier_type,identifier',
  customers:
    'person_id,user_id,household_id,shopper_type,city,acquisition_channel,arrived_at,signed_up_at,is_buyer,first_order_at,count_orders,lambda,p,dropout_at,mean_value,discount_dependence,satisfaction,referrer_person_id,is_self_referral',
} as const;
