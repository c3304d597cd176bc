import { z } from 'zod';

export interface CreatedObject {
  readonly bucket: string;
  readonly key: string;
}

const OfEventBridge = z.object({
  'detail-type': z.literal('Object Created'),
  detail: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }),
});

const OfNotification = z.object({
  Records: z.array(
    z.object({
      eventName: z.string(),
      s3: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }),
    }),
  ),
});

const ObjectEvent = z.union([OfEventBridge, OfNotification]);

const OfQueue = z.object({
  Records: z.array(z.object({ eventSource: z.literal('aws:sqs'), body: z.string() })).min(1),
});

/** Objects that S3 says are new, through EventBridge or as its own notification, each as it is or in a queue. Of other events, none. */
export function createdObjects(event: unknown): readonly CreatedObject[] {
  const { data: queued } = OfQueue.safeParse(event);
  return queued ? queued.Records.flatMap(({ body }) => objectsOf(readJson(body))) : objectsOf(event);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function objectsOf(event: unknown): readonly CreatedObject[] {
  const { data } = ObjectEvent.safeParse(event);
  if (!data) {
    return [];
  }
  if ('detail' in data) {
    // as it is: only notifications encode keys
    return [{ bucket: data.detail.bucket.name, key: data.detail.object.key }];
  }
  return data.Records.filter(({ eventName }) => /^(s3:)?ObjectCreated:/.test(eventName)).map(({ s3 }) => ({
    bucket: s3.bucket.name,
    key: decodeURIComponent(s3.object.key.replaceAll('+', ' ')),
  }));
}
