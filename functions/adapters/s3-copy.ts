import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';

export interface ObjectPlace {
  readonly Bucket: string;
  readonly Key: string;
}

export interface ObjectCopy {
  readonly from: ObjectPlace;
  readonly to: ObjectPlace;
  /** The copy fails with PreconditionFailed where `from` is another one by now. */
  readonly version: string;
  readonly bytes: number;
}

const GIGABYTE = 1024 ** 3;

/** What S3 copies by one request. */
export const MOST_AT_ONCE = 5 * GIGABYTE;

/** Copies an object within S3, in parts where it is larger than one copy may be. */
export async function copyObject(s3: S3Client, copy: ObjectCopy, mostAtOnce = MOST_AT_ONCE): Promise<void> {
  if (copy.bytes > mostAtOnce) {
    await copyInParts(s3, copy, Math.min(mostAtOnce, GIGABYTE));
    return;
  }
  await s3.send(
    new CopyObjectCommand({
      ...copy.to,
      CopySource: sourceOf(copy),
      CopySourceIfMatch: copy.version,
      // tags of the sender's would need rights that nothing else here needs
      TaggingDirective: 'REPLACE',
    }),
  );
}

async function copyInParts(s3: S3Client, copy: ObjectCopy, partBytes: number): Promise<void> {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(copy.to));
  const upload = { ...copy.to, UploadId };
  try {
    const Parts: CompletedPart[] = [];
    for (let first = 0; first < copy.bytes; first += partBytes) {
      const PartNumber = Parts.length + 1;
      const last = Math.min(first + partBytes, copy.bytes) - 1;
      const { CopyPartResult } = await s3.send(
        new UploadPartCopyCommand({
          ...upload,
          PartNumber,
          CopySource: sourceOf(copy),
          CopySourceIfMatch: copy.version,
          CopySourceRange: `bytes=${first}-${last}`,
        }),
      );
      Parts.push({ PartNumber, ETag: CopyPartResult?.ETag });
    }
    await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  } catch (error) {
    // parts of an upload that nobody completes cost until the bucket's lifecycle ends them
    await s3.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

const sourceOf = ({ from: { Bucket, Key } }: ObjectCopy): string =>
  `${Bucket}/${Key.split('/').map(encodeURIComponent).join('/')}`;
