import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface MessageQueueProps {
  /** How long a message is out of sight while it is worked on. */
  readonly visibilitySeconds?: number;
  /**
   * Where a message goes that came too often.
   *
   * @default - nowhere: of a queue of dead letters
   */
  readonly deadLetters?: Queue;
  /**
   * Receives of a message until it is a dead letter.
   *
   * @default 5
   */
  readonly receives?: number;
  /**
   * Days until a message ends.
   *
   * @default 14, the most there is
   */
  readonly days?: number;
}

/** Receives of a message until it is a dead letter, as everywhere in the project where nothing else is said. */
export const MOST_RECEIVES = 5;

/** A queue, encrypted by SQS's own keys, TLS only. */
export class MessageQueue extends Queue {
  constructor(
    scope: Construct,
    id: string,
    { visibilitySeconds, deadLetters, receives = MOST_RECEIVES, days = 14 }: MessageQueueProps,
  ) {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(days),
      ...(visibilitySeconds !== undefined && { visibilityTimeout: Duration.seconds(visibilitySeconds) }),
      ...(deadLetters && { deadLetterQueue: { queue: deadLetters, maxReceiveCount: receives } }),
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
