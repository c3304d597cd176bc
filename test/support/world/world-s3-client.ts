import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { BucketFault, type WorldBucket } from './world-bucket.ts';

/** What becomes of one put: the client loses the answer and sends again by itself, or something else is answered first. */
export type PutFault = 'lost-answer' | 'conflict' | 'unavailable';

const bytesOf = async (body: unknown): Promise<Buffer> => {
  if (!(body instanceof Readable)) {
    return Buffer.from(body as string);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/**
 * A client of S3 over the bucket of a world, with the habit of the real one to send again by itself: a conditional put whose
 * answer is lost then meets its own object, and is told 412 after two attempts. Faults are taken one a put.
 */
export class WorldS3Client {
  readonly #bucket: WorldBucket;
  readonly faults: PutFault[] = [];

  constructor(bucket: WorldBucket) {
    this.#bucket = bucket;
  }

  /** For adapters, which take the client of the SDK. */
  asClient(): S3Client {
    return this as unknown as S3Client;
  }

  async send(command: unknown): Promise<unknown> {
    if (command instanceof PutObjectCommand) {
      return this.#put(command);
    }
    if (command instanceof GetObjectCommand) {
      const object = await this.#bucket.get(command.input.Key ?? '');
      if (!object) throw new BucketFault(404, 'NoSuchKey');
      return { Body: Readable.from([object.bytes]), ETag: object.etag };
    }
    if (command instanceof ListObjectsV2Command) {
      const keys = this.#bucket.keys(command.input.Prefix ?? '');
      return { Contents: keys.map((Key) => ({ Key })) };
    }
    if (command instanceof DeleteObjectCommand) {
      return this.#bucket.delete(command.input.Key ?? '');
    }
    throw new Error(`the double does not know ${String(command?.constructor.name)}`);
  }

  async #put({ input }: PutObjectCommand): Promise<unknown> {
    const fault = this.faults.shift();
    if (fault === 'conflict') {
      throw new BucketFault(409, 'ConditionalRequestConflict');
    }
    if (fault === 'unavailable') {
      throw new BucketFault(503, 'ServiceUnavailable');
    }
    const bytes = await bytesOf(input.Body);
    const put = () =>
      this.#bucket.put(input.Key ?? '', bytes, {
        ...(input.IfNoneMatch === '*' && { isAbsent: true }),
        ...(input.IfMatch !== undefined && { etag: input.IfMatch }),
      });
    if (fault !== 'lost-answer') {
      return { ETag: await put() };
    }
    await put();
    try {
      return { ETag: await put() };
    } catch (error) {
      throw error instanceof BucketFault
        ? new BucketFault(error.$metadata.httpStatusCode, error.name, 2)
        : error;
    }
  }
}
