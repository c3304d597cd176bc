// Why a request or an item is not taken: closed lists, explained in docs/collector.md, where a test looks for each.
// The texts say what to do and never repeat what was received.

interface Refusal {
  readonly status: number;
  readonly text: string;
}

export const requestRefusals = {
  missing_key: {
    status: 401,
    text: 'Send the write key as the user of basic authentication, or as writeKey.',
  },
  unknown_key: { status: 401, text: 'The write key is not known, not yet valid, or no longer.' },
  origin_not_allowed: { status: 403, text: 'The write key is not for pages of this origin.' },
  over_quota: { status: 429, text: 'The quota of the write key is used up; send again after Retry-After.' },
  unknown_path: { status: 404, text: 'There is nothing here: docs/collector.md lists the paths.' },
  method_not_allowed: { status: 405, text: 'Send touchpoints with POST.' },
  unsupported_content_type: { status: 415, text: 'This path does not take this content type.' },
  unsupported_charset: { status: 415, text: 'Send UTF-8.' },
  unsupported_content_encoding: { status: 415, text: 'Send the body as it is, or with gzip.' },
  request_too_large: { status: 413, text: 'A request is at most 512,000 bytes, as sent and unzipped.' },
  slow_body: { status: 408, text: 'The body did not arrive in time.' },
  gzip_as_text: {
    status: 415,
    text: 'A gateway has read the zipped body as text. Send it as application/octet-stream, or without gzip.',
  },
  broken_gzip: { status: 400, text: 'The body says gzip and cannot be unzipped.' },
  invalid_utf8: { status: 400, text: 'The body is not UTF-8.' },
  empty_body: { status: 400, text: 'The request has no body.' },
  invalid_json: { status: 400, text: 'The body is not JSON, or its brackets and quotes do not match.' },
  invalid_batch: { status: 400, text: 'A batch is an object with one member batch, a list.' },
  too_many_items: { status: 400, text: 'A request holds at most 2,500 items.' },
  invalid_form: { status: 400, text: 'The form is not encoded as application/x-www-form-urlencoded.' },
  too_many_fields: { status: 400, text: 'A form has at most 200 fields.' },
  redirect_not_allowed: { status: 400, text: 'The redirect of the form is not one of the write key.' },
  missing_signature: { status: 401, text: 'Send X-Dongu-Timestamp and X-Dongu-Signature.' },
  stale_signature: { status: 401, text: 'The timestamp is more than 5 minutes away from now.' },
  invalid_signature: { status: 401, text: 'The signature is not that of this timestamp and body.' },
  no_write_keys: {
    status: 503,
    text: 'There are no write keys yet: run dongu collect keys new, and put the list where docs/deploy.md says.',
  },
  queue_unavailable: { status: 503, text: 'Nothing was taken; send again.' },
  internal_error: { status: 500, text: 'Nothing was taken; send again. The log has the request id.' },
} as const satisfies Readonly<Record<string, Refusal>>;

export type RequestReason = keyof typeof requestRefusals;

export const itemRefusals = {
  item_not_an_object: 'An item is a JSON object.',
  item_invalid_json: 'The item is not JSON.',
  item_too_large: 'An item is at most 32,768 bytes.',
  item_too_deep: 'Objects and lists of an item nest at most 64 deep.',
  item_ambiguous: 'The item names a member twice, and its write key is for some events only.',
  event_not_allowed: 'The write key is not for this event.',
  message_full: 'The items before it fill the message to the queue; send it in a request of its own.',
} as const;

export type ItemReason = keyof typeof itemRefusals;
